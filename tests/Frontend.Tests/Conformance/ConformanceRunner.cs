using System.Collections.Immutable;
using Google.Protobuf;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Verification;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests.Conformance;

/// <summary>Runs a case through the importer and the float interpreter.</summary>
internal static class ConformanceRunner
{
    /// <summary>
    /// Which inputs are given as constants, in the order of the attempts: none, those that cannot be an activation, all but
    /// the first. The cases pass shapes, axes and bounds as inputs; a compiler needs to know them. What computes with
    /// floats never passes by constant folding alone.
    /// </summary>
    private static readonly Func<ValueInfoProto, int, bool>[] _constants =
    [
        (_, _) => false,
        (input, _) => !IsFloat(ElementType(input)) || IsScalar(input),
        (_, index) => index > 0,
    ];

    public static ConformanceResult Run(ConformanceCase test)
    {
        try
        {
            foreach (string dataSet in test.DataSets())
            {
                if (Difference(test, dataSet) is { } difference)
                    return Failure(test, difference);
            }

            return new ConformanceResult(test, ConformanceOutcome.Passed, "");
        }
        catch (ModelNotSupportedException e)
        {
            return new ConformanceResult(test, ConformanceOutcome.Refused, RefusalText.Describe(e.Diagnostics));
        }
        catch (Exception e) when (e is ModelFormatException or ImportException)
        {
            return new ConformanceResult(test, ConformanceOutcome.Refused, RefusalText.WithoutNames(e.Message));
        }
        catch (Exception e)
        {
            return Failure(test, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private static ConformanceResult Failure(ConformanceCase test, string failure) => ConformanceScope.FaultOf(test) is { } fault
        ? new ConformanceResult(test, ConformanceOutcome.Faulty, fault)
        : new ConformanceResult(test, ConformanceOutcome.Failed, failure);

    /// <summary>The first difference to the expected outputs, or null.</summary>
    private static string? Difference(ConformanceCase test, string dataSet)
    {
        Graph? graph = null;
        for (int attempt = 0; graph is null; attempt++)
        {
            ModelProto model = test.ReadModel();
            BindConstants(model.Graph, dataSet, _constants[attempt]);
            try
            {
                graph = OnnxImporter.Import(model.ToByteArray(), new ImportOptions { Dimensions = OpenDimensions(model.Graph, dataSet) }).Graph;
            }
            catch (ModelNotSupportedException) when (attempt + 1 < _constants.Length)
            {
            }
        }

        GraphVerifier.Require(graph);
        GraphProto declared = test.ReadModel().Graph;
        List<ValueInfoProto> inputs = [.. GivenInputs(declared)];
        IReadOnlyList<Tensor> outputs = FloatInterpreter.Run(graph, [.. graph.Inputs.Select(v => Input(inputs.FindIndex(i => i.Name == v.Name)))]);
        return outputs.Select((output, i) => Compare(output, Read(dataSet, "output", i, declared.Output[i]), ElementType(declared.Output[i])))
            .FirstOrDefault(d => d is not null);

        Tensor Input(int index) => Read(dataSet, "input", index, inputs[index]);
    }

    /// <summary>The sizes that the data give to dimensions which a case leaves open, or declares as 0, which means the same.</summary>
    internal static ImmutableDictionary<string, int> OpenDimensions(GraphProto graph, string dataSet)
    {
        var sizes = ImmutableDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach ((ValueInfoProto input, int index) in GivenInputs(graph).Select((input, i) => (input, i)))
        {
            var dimensions = input.Type?.TensorType?.Shape?.Dim.ToArray() ?? [];
            for (int axis = 0; axis < dimensions.Length; axis++)
            {
                if (dimensions[axis].DimValue == 0)
                    sizes[dimensions[axis].DimParam is { Length: > 0 } name ? name : $"{input.Name}:{axis}"] = (int)ReadProto(dataSet, "input", index, input).Dims[axis];
            }
        }

        return sizes.ToImmutable();
    }

    /// <summary>Old files list their weights among the inputs; the data sets number the others.</summary>
    private static IEnumerable<ValueInfoProto> GivenInputs(GraphProto graph)
    {
        HashSet<string> initializers = new(graph.Initializer.Select(t => t.Name), StringComparer.Ordinal);
        return graph.Input.Where(i => !initializers.Contains(i.Name));
    }

    private static void BindConstants(GraphProto graph, string dataSet, Func<ValueInfoProto, int, bool> isConstant)
    {
        foreach ((ValueInfoProto input, int index) in GivenInputs(graph).Select((input, i) => (input, i)).Where(pair => ElementType(pair.input) is not DataType.Undefined && isConstant(pair.input, pair.i)).ToArray())
        {
            TensorProto tensor = ReadProto(dataSet, "input", index, input);
            tensor.Name = input.Name;
            graph.Initializer.Add(tensor);
        }
    }

    private static Tensor Read(string dataSet, string kind, int index, ValueInfoProto declared)
        => TensorDecoder.Decode(ReadProto(dataSet, kind, index, declared), ExternalDataReader.None);

    private static TensorProto ReadProto(string dataSet, string kind, int index, ValueInfoProto declared)
    {
        TensorProto tensor = TensorProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(dataSet, $"{kind}_{index}.pb")));

        // NumPy has no bfloat16: older data hold its bits as integers.
        if (ElementType(declared) is DataType.Bfloat16 && tensor.DataType == (int)DataType.Uint16)
            tensor.DataType = (int)DataType.Bfloat16;
        return tensor;
    }

    private static DataType ElementType(ValueInfoProto value) => (DataType)(value.Type?.TensorType?.ElemType ?? 0);

    private static bool IsFloat(DataType type) => type is DataType.Float or DataType.Double or DataType.Float16 or DataType.Bfloat16;

    private static bool IsScalar(ValueInfoProto value) => value.Type?.TensorType?.Shape is { Dim.Count: 0 };

    private static string? Compare(Tensor actual, Tensor expected, DataType declared)
    {
        if (actual.Type != expected.Type)
            return $"gives {actual.Type} for {expected.Type}";
        if (!actual.Type.IsFloat)
            return actual.Integers.SequenceEqual(expected.Integers) ? null : "gives other integers";

        // Half precision is computed in single precision, on purpose: the compiler chooses its own fixed point.
        float tolerance = declared switch { DataType.Float16 => 2e-3f, DataType.Bfloat16 => 2e-2f, _ => 1e-4f };
        for (int i = 0; i < actual.Shape.Count; i++)
        {
            float a = actual.Floats[i], e = expected.Floats[i];
            if (!(Math.Abs(a - e) <= tolerance + (tolerance * Math.Abs(e))) && !a.Equals(e))
                return $"gives {a} for {e} at {i}";
        }

        return null;
    }
}
