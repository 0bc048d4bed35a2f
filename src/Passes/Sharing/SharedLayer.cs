using PrivateInference.IR;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Sharing;

/// <summary>A ReLU whose decisions are to be shared.</summary>
/// <param name="Node">The ReLU, of shape N×C×spatial.</param>
/// <param name="Grid">Its patches.</param>
/// <param name="Decider">What decides for a group.</param>
/// <param name="Graph">Where it is written.</param>
/// <param name="Samples">Gives the ReLU's input on samples; fails where there are none.</param>
internal sealed record SharedLayer(Node Node, PatchGrid Grid, DecidingValue Decider, GraphRewriter Graph, Func<Tensor[]> Samples)
{
    public Value Input => Node.Inputs[0];

    public Shape Shape => Node.Output.Shape;

    public int Batch => Shape[0];

    public int Channels => Shape[1];

    /// <summary>A name for a value that the layer now takes.</summary>
    public string Part(string what) => $"{Node.Output.Name}.{what}";

    public Value Indices(IEnumerable<int> indices, string what)
        => Graph.AddConstant(Tensor.FromInt64([.. indices.Select(i => (long)i)]), Part(what));

    /// <summary>Computes something for each channel, in parallel.</summary>
    public static T[] ForEachChannel<T>(Tensor[] tensors, Func<ChannelSamples, int, T> compute)
    {
        T[] results = new T[tensors[0].Shape[1]];
        Parallel.For(0, results.Length, c => results[c] = compute(new ChannelSamples(tensors, c), c));
        return results;
    }
}
