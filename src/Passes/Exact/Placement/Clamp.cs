using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Exact.Placement;

/// <summary>The activation min(max(x, Lower), Upper): ReLU, ReLU6 and every other clip. Applying it twice is applying it once.</summary>
internal readonly record struct Clamp(float Lower, float Upper)
{
    private static readonly Clamp s_relu = new(0, float.PositiveInfinity);

    public bool IsRelu => this == s_relu;

    public Operation Operation => IsRelu ? new Relu() : new Clip(Lower, Upper);

    /// <summary>Sign decisions per element.</summary>
    public int Decisions => (float.IsFinite(Lower) ? 1 : 0) + (float.IsFinite(Upper) ? 1 : 0);

    /// <summary>The clamp that an operation is, or null.</summary>
    public static Clamp? Of(Operation operation) => operation switch
    {
        Relu => s_relu,
        Clip clip when clip.Minimum <= clip.Maximum && (float.IsFinite(clip.Minimum) || float.IsFinite(clip.Maximum)) => new Clamp(clip.Minimum, clip.Maximum),
        _ => null,
    };

    /// <summary>Whether it leaves every number of the range as it is.</summary>
    public bool Keeps(Interval range) => new Interval(Lower, Upper).Contains(range);

    public Tensor Apply(Tensor tensor) => FloatInterpreter.Evaluate(Operation, [tensor]);
}
