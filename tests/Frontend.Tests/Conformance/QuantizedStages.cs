using Google.Protobuf;
using PrivateInference.Frontend.Reference;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests.Conformance;

/// <summary>
/// Compares a model from one quantisation to the next. The last bits of a float depend on the order of a sum. Between a
/// convolution and a QuantizeLinear they decide which way a value near a half is rounded, which is a whole step, and
/// every later layer carries it on, so two correct executions end several steps apart. In ort_qdq_multi_consumer_fixed.onnx
/// one sum is −21.499998 steps here and −21.500002 there; 2 of 100352 integers differ after that layer, 292 after the
/// third such layer. So each stage starts from the integers that the reference has there.
/// </summary>
internal static class QuantizedStages
{
    /// <summary>One element in so many may be rounded the other way, by one step. Truncation, say, would move one in two.</summary>
    private const int ElementsPerFlip = 1000;

    public static bool Has(ModelProto model) => model.Graph.Node.Any(IsQuantization);

    /// <summary>The largest error of any stage, relative to the range of what it computes.</summary>
    public static double LargestError(ModelProto model, OnnxRuntimeOptions options, ImportOptions import, IReadOnlyDictionary<string, Tensor> inputs)
    {
        string[] cuts = [.. model.Graph.Node.Where(IsQuantization).Select(n => n.Output[0])];
        IReadOnlyDictionary<string, Tensor> reference = RunReference(model, options, inputs, cuts);
        ImportedModel stages = OnnxImporter.Import(Cut(model, reference).ToByteArray(), import);
        Dictionary<string, Tensor> given = new(inputs, StringComparer.Ordinal), expected = new(reference, StringComparer.Ordinal);
        foreach (string cut in cuts)
            given[cut] = expected[Computed(cut)] = reference[cut];
        return ModelCheck.LargestError(stages, given, expected, StageError);
    }

    /// <summary>The error of what a stage computes; 0 for integers of which a few were rounded the other way.</summary>
    public static double StageError(Tensor actual, Tensor expected)
        => IsRoundedOtherwise(actual, expected) ? 0 : TensorComparison.RangeError(actual, expected);

    private static bool IsRoundedOtherwise(Tensor actual, Tensor expected)
    {
        if (actual.Type != expected.Type || actual.Type.IsFloat)
            return false;
        int flips = 0;
        for (int i = 0; i < expected.Shape.Count; i++)
        {
            long difference = Math.Abs(actual.Integers[i] - expected.Integers[i]);
            if (difference > 1)
                return false;
            flips += (int)difference;
        }

        return flips * ElementsPerFlip <= expected.Shape.Count;
    }

    private static IReadOnlyDictionary<string, Tensor> RunReference(
        ModelProto model, OnnxRuntimeOptions options, IReadOnlyDictionary<string, Tensor> inputs, IEnumerable<string> cuts)
    {
        ModelProto shown = model.Clone();
        shown.Graph.Output.Add(cuts.Except(shown.Graph.Output.Select(o => o.Name)).Select(cut => new ValueInfoProto { Name = cut }));
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(shown.ToByteArray(), options);
        return session.Run(inputs);
    }

    /// <summary>The model with every quantised value as one more input, and what it computes for it as one more output.</summary>
    private static ModelProto Cut(ModelProto model, IReadOnlyDictionary<string, Tensor> reference)
    {
        ModelProto stages = model.Clone();
        foreach (NodeProto node in stages.Graph.Node.Where(IsQuantization))
        {
            string cut = node.Output[0];
            stages.Graph.Input.Add(new ValueInfoProto { Name = cut, Type = ProtoType(reference[cut].Type) });
            stages.Graph.Output.Add(new ValueInfoProto { Name = Computed(cut) });
            node.Output[0] = Computed(cut);
        }

        return stages;
    }

    private static TypeProto ProtoType(TensorType type)
    {
        TensorShapeProto shape = new();
        shape.Dim.Add(type.Shape.Dimensions.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        DataType element = Enum.Parse<DataType>(type.Element.ToString(), ignoreCase: true);
        return new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)element, Shape = shape } };
    }

    private static string Computed(string cut) => cut + "/computed";

    private static bool IsQuantization(NodeProto node) => node.OpType == "QuantizeLinear";
}
