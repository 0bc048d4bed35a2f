namespace PrivateInference.IR;

/// <summary>A value of the graph: a graph input, or the single result of a node. Compared by reference.</summary>
public sealed class Value(string name, TensorType type)
{
    /// <summary>Unique in its graph; the model's own name where it has one.</summary>
    public string Name { get; } = name;

    public TensorType Type { get; } = type;

    public Shape Shape => Type.Shape;

    public override string ToString() => $"%{Name}: {Type}";
}
