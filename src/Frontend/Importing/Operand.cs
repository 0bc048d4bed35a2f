using PrivateInference.IR;

namespace PrivateInference.Frontend.Importing;

/// <summary>
/// What an ONNX value name stands for: a value of the graph, or a tensor known already. A known tensor becomes a
/// constant node only when an operation of the graph reads it, so shape arithmetic leaves no trace.
/// </summary>
internal sealed class Operand
{
    /// <summary>Kernels recurse over axes; a hostile file may declare a million of them.</summary>
    public const int MaxRank = 32;

    private Value? _value;

    /// <exception cref="GraphException">The value has too many axes.</exception>
    public Operand(Value value)
    {
        RequireRank(value.Shape);
        Name = value.Name;
        _value = value;
        Type = value.Type;
    }

    /// <exception cref="GraphException">The tensor has too many axes.</exception>
    public Operand(string name, Tensor constant)
    {
        RequireRank(constant.Shape);
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

    /// <exception cref="GraphException">The shape has more than <see cref="MaxRank"/> axes.</exception>
    public static void RequireRank(Shape shape)
    {
        if (shape.Rank > MaxRank)
            throw new GraphException($"A tensor of {shape.Rank} axes has more than {MaxRank}.");
    }
}
