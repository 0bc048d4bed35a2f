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

    private readonly TensorType? _type;

    private Value? _value;

    /// <exception cref="GraphException">The value has too many axes.</exception>
    public Operand(Value value)
    {
        RequireRank(value.Shape);
        Name = value.Name;
        _value = value;
        _type = value.Type;
    }

    /// <exception cref="GraphException">The tensor has too many axes.</exception>
    public Operand(string name, Tensor constant)
    {
        RequireRank(constant.Shape);
        Name = name;
        Constant = constant;
        _type = constant.Type;
    }

    /// <summary>A list of tensors, which exists only while importing.</summary>
    public Operand(string name, IReadOnlyList<Operand> items)
    {
        Name = name;
        Items = items;
    }

    public string Name { get; }

    /// <exception cref="GraphException">It is a sequence.</exception>
    public TensorType Type => _type ?? throw new GraphException($"'{Name}' is a sequence where a tensor is expected.");

    public Shape Shape => Type.Shape;

    /// <summary>The tensor, when it is known; null for a value computed from the graph's inputs.</summary>
    public Tensor? Constant { get; }

    /// <summary>The elements of a sequence; null for a tensor.</summary>
    public IReadOnlyList<Operand>? Items { get; }

    public bool IsSequence => Items is not null;

    /// <summary>The value in the graph under construction.</summary>
    /// <exception cref="GraphException">It is a sequence.</exception>
    public Value In(GraphBuilder builder)
        => _value ??= builder.Constant(Constant ?? throw new GraphException($"'{Name}' is a sequence where a tensor is expected."), Name);

    /// <exception cref="GraphException">The shape has more than <see cref="MaxRank"/> axes.</exception>
    public static void RequireRank(Shape shape)
    {
        if (shape.Rank > MaxRank)
            throw new GraphException($"A tensor of {shape.Rank} axes has more than {MaxRank}.");
    }
}
