using System.Collections.Immutable;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Reference;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.Frontend.Tests.Conformance;

/// <summary>What the importer and the float interpreter make of a model file, against ONNX Runtime on the same inputs.</summary>
/// <param name="File">The file's folder and name.</param>
/// <param name="Error">The largest error of any output, relative to its range; null where nothing was compared.</param>
/// <param name="Reason">Why nothing was compared; empty otherwise.</param>
/// <param name="IsReferenceAtFault">Whether it is ONNX Runtime that does not run the model.</param>
/// <param name="IsStaged">Whether the error is that of <see cref="QuantizedStages"/>, because the whole model's is larger.</param>
internal sealed record ModelCheck(string File, double? Error, string Reason, bool IsReferenceAtFault = false, bool IsStaged = false)
{
    public const double Tolerance = 1e-4;

    /// <summary>Fused integer kernels round otherwise than the quantisation nodes they replace.</summary>
    private static readonly OnnxRuntimeOptions _asWritten = new() { Optimization = GraphOptimization.None };

    public bool Matches => Error < Tolerance;

    public static ModelCheck Of(string file, bool onRandomInputsToo = true)
    {
        string name = $"{Path.GetFileName(Path.GetDirectoryName(file))}/{Path.GetFileName(file)}";
        try
        {
            using OnnxRuntimeSession session = OnnxRuntimeSession.Open(file, _asWritten);
            IReadOnlyDictionary<string, Tensor>? recorded = RecordedInputs.Of(file);
            List<IReadOnlyDictionary<string, Tensor>> inputs = recorded is null ? [] : [recorded];
            if (recorded is null || onRandomInputsToo)
                inputs.Add(RandomInputs(session, recorded));
            List<IReadOnlyDictionary<string, Tensor>> expected = [.. inputs.Select(session.Run)];
            ImportOptions import = new() { Dimensions = OpenDimensions(session, inputs[0]) };
            ImportedModel model = OnnxImporter.Import(file, import);
            ModelCheck whole = new(name, inputs.Zip(expected).Max(run => LargestError(model, run.First, run.Second)), "");
            return whole.Matches ? whole : whole.Staged(file, import, inputs);
        }
        catch (ModelNotSupportedException e)
        {
            return new ModelCheck(name, null, RefusalText.Describe(e.Diagnostics));
        }
        catch (ModelFormatException e)
        {
            return new ModelCheck(name, null, RefusalText.WithoutNames(e.Message));
        }
        catch (OnnxRuntimeException e)
        {
            return new ModelCheck(name, null, "ONNX Runtime does not run it: " + e.Message, IsReferenceAtFault: true);
        }
    }

    /// <summary>The check of the model stage by stage, if it is quantised.</summary>
    private ModelCheck Staged(string file, ImportOptions import, IEnumerable<IReadOnlyDictionary<string, Tensor>> inputs)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(System.IO.File.ReadAllBytes(file));
        return QuantizedStages.Has(model)
            ? this with { Error = inputs.Max(input => QuantizedStages.LargestError(model, _asWritten, import, input)), IsStaged = true }
            : this;
    }

    /// <summary>
    /// The largest error of any output, relative to its range. Outputs that the reference gives as something else than
    /// a tensor (scikit-learn's maps from class to probability) are not compared.
    /// </summary>
    public static double LargestError(ImportedModel model, IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyDictionary<string, Tensor> expected)
        => LargestError(model, inputs, expected, TensorComparison.RangeError);

    /// <inheritdoc cref="LargestError(ImportedModel, IReadOnlyDictionary{string, Tensor}, IReadOnlyDictionary{string, Tensor})"/>
    public static double LargestError(
        ImportedModel model, IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyDictionary<string, Tensor> expected, Func<Tensor, Tensor, double> difference)
    {
        IReadOnlyList<Tensor> actual = FloatInterpreter.Run(model.Graph, [.. model.InputNames.Select(name => inputs[name])]);
        return model.OutputNames.Zip(actual).Where(output => expected.ContainsKey(output.First))
            .Max(output => difference(output.Second, expected[output.First]));
    }

    /// <summary>The sizes that the inputs give to dimensions which the model leaves open, as the importer wants to be told them.</summary>
    private static ImmutableDictionary<string, int> OpenDimensions(OnnxRuntimeSession session, IReadOnlyDictionary<string, Tensor> inputs)
    {
        var sizes = ImmutableDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (OnnxRuntimeValue input in session.Inputs)
        {
            for (int axis = 0; axis < input.Dimensions.Length; axis++)
            {
                if (input.Dimensions[axis] < 0)
                    sizes[input.Symbols[axis] is { Length: > 0 } symbol ? symbol : $"{input.Name}:{axis}"] = inputs[input.Name].Shape[axis];
            }
        }

        return sizes.ToImmutable();
    }

    /// <summary>
    /// Floats in [0, 1), integers 0 and 1: what every model takes, as an image, an index or a flag. Open dimensions are as
    /// recorded, or else 1.
    /// </summary>
    private static Dictionary<string, Tensor> RandomInputs(OnnxRuntimeSession session, IReadOnlyDictionary<string, Tensor>? recorded)
    {
        Random random = new(20240501);
        return session.Inputs.ToDictionary(i => i.Name, i => RandomTensor(recorded?[i.Name].Type ?? SmallestType(i), random), StringComparer.Ordinal);
    }

    private static TensorType SmallestType(OnnxRuntimeValue input)
        => new(input.Element!.Value, new Shape([.. input.Dimensions.Select(d => (int)Math.Abs(d))]));

    private static Tensor RandomTensor(TensorType type, Random random) => type.IsFloat
        ? Tensor.FromFloats(type, [.. Enumerable.Range(0, type.Shape.Count).Select(_ => random.NextSingle())])
        : Tensor.FromIntegers(type, [.. Enumerable.Range(0, type.Shape.Count).Select(_ => random.NextInt64(2))]);
}
