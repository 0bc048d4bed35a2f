using PrivateInference.Frontend;
using PrivateInference.Frontend.Reference;
using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.CommandLine.Support;

/// <summary>A model executed in floating point on this machine: the reference that secure predictions are compared with.</summary>
internal sealed class FloatModel : IDisposable
{
    private readonly Graph _graph;
    private readonly OnnxRuntimeSession? _session;

    private FloatModel(Graph graph, OnnxRuntimeSession? session)
    {
        _graph = graph;
        _session = session;
    }

    /// <summary>The project's own float interpreter, which needs nothing else.</summary>
    public static FloatModel Load(string path) => new(ModelLoader.Import(path).Graph, session: null);

    /// <summary>A model that is imported already, in the same interpreter.</summary>
    public static FloatModel Of(Graph graph) => new(graph, session: null);

    /// <summary>ONNX Runtime: an oracle that shares no code with this project.</summary>
    /// <exception cref="OnnxRuntimeNotFoundException">Its library is not there; the message says how to get it.</exception>
    public static FloatModel LoadOnnxRuntime(string path)
    {
        ImportedModel model = ModelLoader.Import(path);
        return new FloatModel(model.Graph, OnnxRuntimeSession.Open(path));
    }

    /// <summary>The step of the output's quantisation; null where it has none.</summary>
    public double? OutputStep => IntegerDifference.StepOf(_graph);

    /// <summary>The model's output for one sample, row-major; indices where the model ends with an arg max.</summary>
    public float[] Run(ReadOnlySpan<float> sample)
    {
        Tensor input = Tensor.FromFloats(_graph.Inputs[0].Shape, sample.ToArray());
        Tensor output = _session is null ? FloatInterpreter.Run(_graph, [input])[0] : Reference(input);
        float[] elements = output.Type.IsFloat ? output.Floats.ToArray() : [.. output.Integers.ToArray().Select(i => (float)i)];
        return elements[.._graph.Outputs[0].Shape.Count];
    }

    /// <summary>ONNX Runtime takes a batch that the model fixes: the sample, over and over.</summary>
    private Tensor Reference(Tensor input)
    {
        Value value = _graph.Inputs[0];
        OnnxRuntimeValue declared = _session!.Inputs.First(i => i.Name == value.Name);
        if (declared.Dimensions.Length > 0 && declared.Dimensions[0] > value.Shape[0])
        {
            int batch = (int)declared.Dimensions[0];
            Shape shape = new([batch, .. value.Shape.Dimensions.AsSpan()[1..]]);
            input = Tensor.FromFloats(shape, [.. Enumerable.Repeat(input.Floats.ToArray(), batch).SelectMany(s => s)]);
        }

        return _session.Run(new Dictionary<string, Tensor>(StringComparer.Ordinal) { [value.Name] = input })[_graph.Outputs[0].Name];
    }

    /// <summary>The predicted class of one sample.</summary>
    public int Classify(ReadOnlySpan<float> sample) => Classes.Of(Run(sample));

    public void Dispose() => _session?.Dispose();
}
