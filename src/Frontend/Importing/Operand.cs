using PrivateInference.IR;

namespace PrivateInference.Frontend.Importing;

/// <summary>
/// What an ONNX value name stands for: a value of the graph, or a tensor known already. A known tensor becomes a
/// constant node only when an operation of the graph reads it, so shape arithmetic leaves no trace.
/// </summary>
internal sealed class Operand
{
    private Value? _value;

    public Operand(Value value)
    {
        Name = value.Name;
        _value = value;
        Type = value.Type;
    }

    public Operand(string name, Tensor constant)
    {
        Name = name;
        Constant = constant;
        Type = constant.Type;
    }

    public string Name { get; }

    public TensorType Type { get; }

    public Shape Shape => Type.Shape;

    /// <summary>The tensor, when it is known; null for a value computed from the graph's inputs.</summary>
    public Tensor? Constant { get; }

    /// <summary>The value in the graph under construction.</summary>
    public Value In(GraphBuilder builder) => _value ??= builder.Constant(Constant!, Name);
}
