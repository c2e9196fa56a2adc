package awsshape_test

import (
	"errors"
	"math"
	"math/big"
	"reflect"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/document"
	"github.com/aws/smithy-go/prelude"
	"github.com/aws/smithy-go/traits"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// kinds is the input of an imaginary operation with a member of every scalar kind, half of them read by a Deserialize.
type kinds struct {
	Int8      int8
	Int16     *int16
	Int64     *int64
	Float32   *float32
	Float64   float64
	Blob      []byte
	Date      *time.Time
	DateTime  *time.Time
	Labels    map[string]string
	Times     []time.Time
	Undefined any
	Big       bigNumbers
}

type bigNumbers struct {
	Int   big.Int
	Float big.Float
}

var (
	kindsSchema = smithy.NewSchema(smithy.ShapeID{Name: "Kinds"}, smithy.ShapeTypeStructure, 0)
	bigSchema   = smithy.NewSchema(smithy.ShapeID{Name: "Big"}, smithy.ShapeTypeStructure, 0)
	listSchema  = smithy.NewSchema(smithy.ShapeID{Name: "List"}, smithy.ShapeTypeList, 0)
	mapSchema   = smithy.NewSchema(smithy.ShapeID{Name: "Map"}, smithy.ShapeTypeMap, 0)

	_          = listSchema.AddMember("member", prelude.Timestamp)
	_          = mapSchema.AddMember("key", prelude.String)
	_          = mapSchema.AddMember("value", prelude.String)
	mInt8      = kindsSchema.AddMember("int8", prelude.Byte)
	mInt16     = kindsSchema.AddMember("int16", prelude.Short)
	mInt64     = kindsSchema.AddMember("int64", prelude.Long)
	mFloat32   = kindsSchema.AddMember("Float32", prelude.Float)
	mFloat64   = kindsSchema.AddMember("float64", prelude.Double)
	mBlob      = kindsSchema.AddMember("blob", prelude.Blob)
	mDate      = kindsSchema.AddMember("date", prelude.Timestamp, &traits.TimestampFormat{Format: "http-date"})
	mDateTime  = kindsSchema.AddMember("dateTime", prelude.Timestamp, &traits.TimestampFormat{Format: "date-time"})
	mLabels    = kindsSchema.AddMember("labels", mapSchema)
	mTimes     = kindsSchema.AddMember("times", listSchema)
	mBig       = kindsSchema.AddMember("big", bigSchema)
	_          = kindsSchema.AddMember("undefined", prelude.Document)
	_          = kindsSchema.AddMember("fieldless", prelude.String)
	mBigInt    = bigSchema.AddMember("int", prelude.BigInteger)
	mBigFloat  = bigSchema.AddMember("float", prelude.BigDecimal)
	mDocuments = bigSchema.AddMember("documents", prelude.Document)
)

func (k *kinds) Serialize(s smithy.ShapeSerializer) {
	s.WriteStruct(kindsSchema)
	s.WriteInt8(mInt8, k.Int8)
	if k.Int16 != nil {
		s.WriteInt16(mInt16, *k.Int16)
		s.WriteInt64(mInt64, *k.Int64)
		s.WriteFloat32(mFloat32, *k.Float32)
		s.WriteTime(mDate, *k.Date)
		s.WriteTime(mDateTime, *k.DateTime)
	}
	s.WriteFloat64(mFloat64, k.Float64)
	s.WriteBlob(mBlob, k.Blob)
	s.WriteMap(mLabels)
	for key, label := range k.Labels {
		s.WriteKey(mLabels.MapKey(), key)
		s.WriteString(mLabels.MapValue(), label)
	}
	s.CloseMap()
	s.WriteList(mTimes)
	for _, t := range k.Times {
		s.WriteTime(mTimes.ListMember(), t)
	}
	s.CloseList()
	s.WriteStruct(mBig)
	s.WriteBigInt(mBigInt, &k.Big.Int)
	s.WriteBigFloat(mBigFloat, &k.Big.Float)
	s.WriteDocument(mDocuments, document.List{
		document.Null{}, document.Boolean(true), document.Number("1.50"), document.String("s"), document.Blob("b"),
		document.Structure{Members: map[string]document.Value{"t": document.Timestamp(time.UnixMilli(1500))}},
		document.Map{"o": document.Opaque{Value: 1}},
	})
	s.CloseStruct()
	s.CloseStruct()
}

func (b *bigNumbers) Deserialize(d smithy.ShapeDeserializer) error {
	return smithy.ReadStruct(d, bigSchema, func(m *smithy.Schema) error {
		switch m {
		case mBigInt:
			return d.ReadBigInt(m, &b.Int)
		case mBigFloat:
			return d.ReadBigFloat(m, &b.Float)
		}
		return nil
	})
}

func fullKinds() *kinds {
	i16, i64, f32 := int16(-300), int64(math.MaxInt64), float32(0.1)
	date, dateTime := time.Unix(1603987014, 0).UTC(), time.UnixMilli(1603987014250).UTC()
	k := &kinds{
		Int8: -128, Int16: &i16, Int64: &i64, Float32: &f32, Float64: 1.5, Blob: []byte{0, 255}, Date: &date,
		DateTime: &dateTime, Labels: map[string]string{"b": "2", "a": "1"}, Times: []time.Time{dateTime},
	}
	k.Big.Int.SetString("123456789012345678901234567890", 10)
	k.Big.Float.SetInt64(3)
	return k
}

func TestEveryKind(t *testing.T) {
	for _, test := range []struct {
		format awsshape.Format
		want   string
	}{
		{awsshape.Wire, `{"int8":-128,"int16":-300,"int64":9223372036854775807,"Float32":0.1,` +
			`"date":"Thu, 29 Oct 2020 15:56:54 GMT","dateTime":"2020-10-29T15:56:54.25Z","float64":1.5,"blob":"AP8=",` +
			`"labels":{"a":"1","b":"2"},"times":[1603987014.25],"big":{"int":123456789012345678901234567890,"float":3,` +
			`"documents":[null,true,1.50,"s","Yg==",{"t":1.5},{"o":1}]}}`},
		{awsshape.StepFunctions, `{"Int8":-128,"Int16":-300,"Int64":9223372036854775807,"Float32":0.1,` +
			`"Date":1603987014000,"DateTime":1603987014250,"Float64":1.5,"Blob":"AP8=",` +
			`"Labels":{"a":"1","b":"2"},"Times":[1603987014250],"Big":{"Int":123456789012345678901234567890,"Float":3,` +
			`"Documents":[null,true,1.50,"s","Yg==",{"t":1500},{"o":1}]}}`},
	} {
		encoded := test.format.Encode(fullKinds())
		if encoded.String() != test.want {
			t.Errorf("have %s\nwant %s", encoded, test.want)
		}
		var again kinds
		if err := test.format.Decode(encoded, &again); err != nil {
			t.Fatal(err)
		}
		again.Big.Float = fullKinds().Big.Float // its precision is not written
		if !reflect.DeepEqual(&again, fullKinds()) {
			t.Errorf("have %s", test.format.Encode(&again))
		}
	}
}

func TestNumbersThatJSONCannotWrite(t *testing.T) {
	for f, want := range map[float64]string{math.Inf(1): `"Infinity"`, math.Inf(-1): `"-Infinity"`, math.NaN(): `"NaN"`} {
		encoded := awsshape.Wire.Encode(&kinds{Float64: f})
		if got := encoded.Get("float64").String(); got != want {
			t.Errorf("have %s, want %s", got, want)
		}
		var again kinds
		if err := awsshape.Wire.Decode(encoded, &again); err != nil || math.Float64bits(again.Float64) != math.Float64bits(f) {
			t.Errorf("%s: %v, %v", want, again.Float64, err)
		}
	}
}

func TestInputErrors(t *testing.T) {
	for document, want := range map[string]string{
		`{"Int8":128}`:            "Int8: want a whole number from -128 to 127, have the number 128",
		`{"Int16":true}`:          "Int16: want a whole number from -32768 to 32767, have the boolean true",
		`{"Float32":1e39}`:        "Float32: want a number up to 3.4028234663852886e+38, have the number 1e39",
		`{"Float64":"1"}`:         `Float64: want a number up to 1.7976931348623157e+308, have the string "1"`,
		`{"Blob":"*"}`:            `Blob: want a string in base64, have the string "*"`,
		`{"Labels":{"a":null}}`:   `Labels["a"]: want a string, have null`,
		`{"Times":[1,"x"]}`:       `Times[1]: want a whole number of milliseconds since 1970, have the string "x"`,
		`{"Big":{"Int":1.5}}`:     "Big.Int: want a whole number, have the number 1.5",
		`{"Big":{"Float":"1.5"}}`: `Big.Float: want a number, have the string "1.5"`,
		`{"Undefined":{}}`:        "Undefined: a union or free-form document as a member of an input is not supported",
		`{"Fieldless":"x"}`:       "Fieldless: *awsshape_test.kinds has no field for the member fieldless",
	} {
		err := awsshape.StepFunctions.Decode(value.MustParse(document), &kinds{})
		var decode *awsshape.DecodeError
		if !errors.As(err, &decode) || err.Error() != want {
			t.Errorf("%s\nhave %v\nwant %s", document, err, want)
		}
	}
	for _, into := range []smithy.Serializable{nil, (*kinds)(nil)} {
		if err := awsshape.Wire.Decode(value.EmptyObject, into); err == nil {
			t.Errorf("no error for %T", into)
		}
	}
}
