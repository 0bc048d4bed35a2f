namespace PrivateInference.Runtime.Garbling;

/// <summary>A bit in a circuit under construction: an input, a gate's output, or a constant.</summary>
public readonly record struct Wire
{
    internal Wire(int id) => Id = id;

    /// <summary>The constant 0.</summary>
    public static Wire Zero { get; } = new(-2);

    /// <summary>The constant 1.</summary>
    public static Wire One { get; } = new(-1);

    internal int Id { get; }

    internal bool IsConstant => Id < 0;

    /// <summary>The constant that <paramref name="value"/> says.</summary>
    public static Wire Constant(bool value) => value ? One : Zero;
}
