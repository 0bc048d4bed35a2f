using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using Kind = PrivateInference.Frontend.Schema.AttributeProto.Types.AttributeType;

namespace PrivateInference.Frontend.Importing;

/// <summary>The attributes of a node, read by name and type with the operator's defaults.</summary>
internal sealed class NodeAttributes
{
    private readonly Dictionary<string, AttributeProto> _attributes = new(StringComparer.Ordinal);

    /// <exception cref="ImportException">An attribute is given twice.</exception>
    public NodeAttributes(NodeProto node)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            if (!_attributes.TryAdd(attribute.Name, attribute))
                throw new ImportException(DiagnosticCodes.InvalidNode, $"attribute '{attribute.Name}' is given twice.");
        }
    }

    public bool Has(string name) => _attributes.ContainsKey(name);

    /// <exception cref="ImportException">The attribute has another type.</exception>
    public long Int(string name, long absent) => Find(name, Kind.Int)?.I ?? absent;

    /// <exception cref="ImportException">The attribute is missing or has another type.</exception>
    public long Int(string name) => Has(name) ? Int(name, absent: 0) : throw ImportException.MissingAttribute(name);

    public bool Flag(string name, bool absent = false) => Int(name, absent ? 1 : 0) != 0;

    public float Float(string name, float absent) => Find(name, Kind.Float)?.F ?? absent;

    public string Text(string name, string absent) => Find(name, Kind.String)?.S.ToStringUtf8() ?? absent;

    /// <summary>The integers of a list attribute, or null when it is absent.</summary>
    public long[]? Ints(string name) => Find(name, Kind.Ints)?.Ints.ToArray();

    public float[]? Floats(string name) => Find(name, Kind.Floats)?.Floats.ToArray();

    public Tensor? Tensor(string name, ExternalDataReader external)
        => Find(name, Kind.Tensor)?.T is { } tensor ? TensorDecoder.Decode(tensor, external) : null;

    /// <exception cref="ImportException">The attribute is missing or has another type.</exception>
    public GraphProto Graph(string name) => Find(name, Kind.Graph)?.G ?? throw ImportException.MissingAttribute(name);

    private AttributeProto? Find(string name, Kind kind)
    {
        if (!_attributes.TryGetValue(name, out AttributeProto? attribute))
            return null;
        if (!Fits(attribute, kind))
            throw new ImportException(DiagnosticCodes.InvalidNode, $"attribute '{name}' is not of type {kind.ToString().ToLowerInvariant()}.");
        return attribute;
    }

    /// <summary>Old exporters leave the type out; then the field that holds a value tells it. An empty list holds none.</summary>
    private static bool Fits(AttributeProto attribute, Kind kind)
    {
        if (attribute.HasType && attribute.Type != Kind.Undefined)
            return attribute.Type == kind;
        return kind switch
        {
            Kind.Float => attribute.HasF,
            Kind.Int => attribute.HasI,
            Kind.String => attribute.HasS,
            Kind.Tensor => attribute.T is not null,
            Kind.Graph => attribute.G is not null,
            _ => !attribute.HasF && !attribute.HasI && !attribute.HasS && attribute.T is null && attribute.G is null,
        };
    }
}
