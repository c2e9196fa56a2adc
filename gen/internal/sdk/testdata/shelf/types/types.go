package types

type Within struct{ Name *string }

type AttributeValue interface{ isAttributeValue() }

type AttributeValueMemberM struct{ Value map[string]AttributeValue }

func (*AttributeValueMemberM) isAttributeValue() {}

type AttributeValueMemberS struct{ Value string }

func (*AttributeValueMemberS) isAttributeValue() {}

type UnknownUnionMember struct{ Tag string }

func (*UnknownUnionMember) isAttributeValue() {}
