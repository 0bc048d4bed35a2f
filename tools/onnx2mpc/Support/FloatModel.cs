using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.CommandLine.Support;

/// <summary>A model executed in floating point on this machine: the reference that secure predictions are compared with.</summary>
internal sealed class FloatModel(Graph graph)
{
    public static FloatModel Load(string path) => new(ModelLoader.Import(path).Graph);

    /// <summary>The model's output for one sample, row-major; indices where the model ends with an arg max.</summary>
    public float[] Run(ReadOnlySpan<float> sample)
    {
        Tensor input = Tensor.FromFloats(graph.Inputs[0].Shape, sample.ToArray());
        Tensor output = FloatInterpreter.Run(graph, [input])[0];
        return output.Type.IsFloat ? output.Floats.ToArray() : [.. output.Integers.ToArray().Select(i => (float)i)];
    }

    /// <summary>The predicted class of one sample.</summary>
    public int Classify(ReadOnlySpan<float> sample) => Classes.Of(Run(sample));
}
