package temporal

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// Storage keeps payloads that are too large for Temporal among objects: in Amazon S3 (package s3store) or a folder (package dirstore). Set it
// as client.Options.ExternalStorage of every client, those of workers too, and of the engine ([WithStorage]):
//
//	client.Options{ExternalStorage: converter.ExternalStorage{Drivers: []converter.StorageDriver{temporal.Storage(objects, "bucket", "temporal/")}}}
//
// An object's key is the hash of what is in it. They can go once Temporal has forgotten the executions.
func Storage(objects asl.Objects, bucket, prefix string) converter.StorageDriver {
	return &storage{objects, bucket, prefix}
}

type storage struct {
	objects        asl.Objects
	bucket, prefix string
}

// Name implements [converter.StorageDriver].
func (s *storage) Name() string { return "asl" }

// Type implements [converter.StorageDriver].
func (s *storage) Type() string { return "asl.objects" }

// Store implements [converter.StorageDriver].
func (s *storage) Store(ctx converter.StorageDriverStoreContext, payloads []*commonpb.Payload) (claims []converter.StorageDriverClaim, err error) {
	for _, p := range payloads {
		data, err := proto.MarshalOptions{Deterministic: true}.Marshal(p)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(data)
		key := s.prefix + hex.EncodeToString(sum[:])
		if err := s.objects.Put(ctx.Context, asl.Object{Bucket: s.bucket, Key: key}, data); err != nil {
			return nil, err
		}
		claims = append(claims, converter.StorageDriverClaim{ClaimData: map[string]string{"bucket": s.bucket, "key": key}})
	}
	return claims, nil
}

// Retrieve implements [converter.StorageDriver].
func (s *storage) Retrieve(ctx converter.StorageDriverRetrieveContext, claims []converter.StorageDriverClaim) (payloads []*commonpb.Payload, err error) {
	for _, c := range claims {
		body, err := s.objects.Get(ctx.Context, asl.Object{Bucket: c.ClaimData["bucket"], Key: c.ClaimData["key"]})
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(body)
		if err = errors.Join(err, body.Close()); err != nil {
			return nil, err
		}
		p := &commonpb.Payload{}
		if err := proto.Unmarshal(data, p); err != nil {
			return nil, err
		}
		payloads = append(payloads, p)
	}
	return payloads, nil
}
