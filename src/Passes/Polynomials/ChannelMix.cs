using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Polynomials;

/// <summary>Writes a polynomial for some channels of an activation; the others keep it (Lou et al., "SAFENet", equation 2).</summary>
internal sealed class ChannelMix(Node node, int axis, GraphRewriter graph)
{
    /// <param name="approximated">The channels with a polynomial, ascending; all of them or a part.</param>
    /// <param name="fit">Their polynomials.</param>
    public Value Write(int[] approximated, PolynomialFit fit)
    {
        Value coefficients = graph.AddConstant(fit.ToTensor(), $"{node.Output.Name}.coefficients");
        Polynomial polynomial = new(axis) { Fitted = new Interval((float)fit.Range.Minimum, (float)fit.Range.Maximum) };
        int channels = node.Output.Shape[axis];
        if (approximated.Length == channels)
            return graph.Define(node.Output, polynomial, [node.Inputs[0], coefficients], node.Name);

        int[] kept = [.. Enumerable.Range(0, channels).Except(approximated)];
        Value exact = graph.Add(node.Operation, [Pick(node.Inputs[0], kept, "kept")], $"{node.Output.Name}.exact", node.Name);
        Value approximate = graph.Add(
            polynomial,
            [Pick(node.Inputs[0], approximated, "picked"), coefficients],
            $"{node.Output.Name}.approximate",
            $"{node.Name}.polynomial");
        Value joined = graph.Add(new Concat(axis), [exact, approximate], $"{node.Output.Name}.joined");
        int[] places = new int[channels];
        foreach ((int channel, int place) in kept.Concat(approximated).Select((channel, place) => (channel, place)))
            places[channel] = place;
        return graph.Define(node.Output, new Gather(axis), [joined, Indices(places, "places")], $"{node.Name}.order");
    }

    private Value Pick(Value x, int[] channels, string what)
        => graph.Add(new Gather(axis), [x, Indices(channels, $"{what}.channels")], $"{node.Output.Name}.{what}");

    private Value Indices(int[] indices, string what)
        => graph.AddConstant(Tensor.FromInt64([.. indices.Select(i => (long)i)]), $"{node.Output.Name}.{what}");
}
