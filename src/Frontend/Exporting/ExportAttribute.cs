using Google.Protobuf;
using PrivateInference.Frontend.Schema;
using Kind = PrivateInference.Frontend.Schema.AttributeProto.Types.AttributeType;

namespace PrivateInference.Frontend.Exporting;

/// <summary>Attributes of nodes.</summary>
internal static class ExportAttribute
{
    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = Kind.Int, I = value };

    public static AttributeProto Flag(string name, bool value) => Int(name, value ? 1 : 0);

    public static AttributeProto Float(string name, float value) => new() { Name = name, Type = Kind.Float, F = value };

    public static AttributeProto Text(string name, string value) => new() { Name = name, Type = Kind.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Ints(string name, IEnumerable<int> values)
    {
        AttributeProto attribute = new() { Name = name, Type = Kind.Ints };
        attribute.Ints.Add(values.Select(v => (long)v));
        return attribute;
    }

    public static AttributeProto Floats(string name, IEnumerable<float> values)
    {
        AttributeProto attribute = new() { Name = name, Type = Kind.Floats };
        attribute.Floats.Add(values);
        return attribute;
    }

    /// <summary>Inside a function: the value that the call gives to the function's attribute.</summary>
    public static AttributeProto FromCall(string name, Kind type, string functionAttribute)
        => new() { Name = name, Type = type, RefAttrName = functionAttribute };
}
