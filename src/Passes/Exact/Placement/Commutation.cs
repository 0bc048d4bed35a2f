using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Analysis;
using PrivateInference.Passes.Canonical;

namespace PrivateInference.Passes.Exact.Placement;

/// <summary>
/// Which operations T commute with a clamp f: f(T(x, y, …)) = T(f(x), f(y), …) for all inputs.
/// <list type="bullet">
/// <item>T moves elements: every element of the result is some element of an input, and f looks at one element only.</item>
/// <item>T pads with a number v: as above, and f(v) = v.</item>
/// <item>T takes maxima: f is monotone, so f(max(x, y)) = max(f(x), f(y)). Every window has to hold an element.</item>
/// <item>T multiplies by constants c &gt; 0, f is ReLU: max(c·x, 0) = c·max(x, 0). Batch normalisation that only scales, too.</item>
/// </list>
/// </summary>
internal sealed class Commutation(Graph graph, Clamp clamp)
{
    /// <summary>
    /// The inputs of a node through which the clamp passes, as flags in the order of its inputs; null where it does not
    /// commute. The other inputs are positions or factors.
    /// </summary>
    public bool[]? Operands(Node node) => node.Operation switch
    {
        Identity or Dropout or Reshape or Transpose or Slice => [true],
        Concat => [.. node.Inputs.Select(_ => true)],
        Gather => [true, false],
        Pad pad when clamp.Lower <= pad.Value && pad.Value <= clamp.Upper => [true],
        MaxPool pool when Windows.AllHoldElements(pool.Window, node.Inputs[0].Shape, node.Output.Shape) => [true],
        Binary { Kind: BinaryKind.Mul } when clamp.IsRelu => IsPositive(node.Inputs[1]) ? [true, false] : IsPositive(node.Inputs[0]) ? [false, true] : null,
        Binary { Kind: BinaryKind.Div } when clamp.IsRelu && IsPositive(node.Inputs[1]) => [true, false],
        BatchNormalization when clamp.IsRelu && IsPositiveScale(node) => [true, false, false, false, false],
        _ => null,
    };

    private bool IsPositive(Value factor)
        => graph.ConstantOf(factor) is { Type.IsFloat: true } constant && constant.Floats.ToArray().All(c => c > 0 && float.IsFinite(c));

    private bool IsPositiveScale(Node node)
        => ChannelScale.Match(node, channelAxis: 1, graph.ConstantOf) is { IsScaleOnly: true } channels && channels.Scale.All(s => s > 0);
}
