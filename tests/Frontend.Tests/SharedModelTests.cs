using System.Collections.Immutable;
using System.Text.Json;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Testing;
using Xunit.Abstractions;

namespace PrivateInference.Frontend.Tests;

public class SharedModelTests(ITestOutputHelper log)
{
    [SkippableTheory]
    [InlineData("mnist")]
    [InlineData("cifar")]
    [InlineData("graphs")]
    [InlineData("imagenet")]
    [InlineData("imagenet_arch")]
    [InlineData("other")]
    [InlineData("paddle")]
    [InlineData("quantized")]
    [InlineData("sklearn")]
    [InlineData("transformer")]
    public void Third_party_models_import_or_are_refused_with_reasons(string folder)
    {
        foreach (string file in SharedModels.Files(folder))
            log.WriteLine($"{folder}/{Path.GetFileName(file)}: {Outcome(file)}");
    }

    [SkippableFact]
    public void Models_that_are_known_to_be_bad_are_refused_cleanly()
    {
        foreach (string file in SharedModels.Files("negative"))
        {
            Exception? refusal = Record.Exception(() => OnnxImporter.Import(file));
            Assert.True(refusal is ModelFormatException or ModelNotSupportedException, $"{file}: {refusal}");
            log.WriteLine($"{Path.GetFileName(file)}: {refusal.GetType().Name} {refusal.Message}");
        }
    }

    [SkippableTheory]
    [InlineData("mnist", 15)]
    [InlineData("graphs", 2)]
    [InlineData("other", 2)]
    [InlineData("traffic", 3)]
    [InlineData("cifar", 3)]
    [InlineData("sklearn", 4)]
    [InlineData("transformer", 0)]
    [InlineData("paddle", 1)]
    [InlineData("imagenet", 1)]
    public void Imported_models_compute_what_the_recorded_reference_computed(string folder, int atLeast)
    {
        int compared = 0;
        foreach (string file in SharedModels.Files(folder))
        {
            string record = Path.Combine(SharedModels.Root!, "expected", folder, Path.GetFileNameWithoutExtension(file));
            if (!Directory.Exists(record) || TryImport(file, Sizes(record)) is not { } model)
                continue;
            float difference = LargestDifference(model, record);
            log.WriteLine($"{Path.GetFileName(file)}: {difference:E1}");
            Assert.True(difference < 1e-3f, $"{file}: {difference}");
            compared++;
        }

        Assert.True(compared >= atLeast, $"only {compared} models import");
    }

    /// <summary>Relative to the largest output; infinite where integers differ. Outputs that are no tensors have no record.</summary>
    private static float LargestDifference(ImportedModel model, string record)
    {
        Tensor[] inputs = [.. model.Graph.Inputs.Select((v, i) => ReadTensor(Path.Combine(record, $"input_{i}.bin"), v.Type))];
        IReadOnlyList<Tensor> outputs = FloatInterpreter.Run(model.Graph, inputs);
        return outputs.Select((output, o) => (Output: output, File: Path.Combine(record, $"output_{o}.bin")))
            .Where(pair => File.Exists(pair.File))
            .Max(pair => Difference(ReadTensor(pair.File, pair.Output.Type), pair.Output));
    }

    private static float Difference(Tensor expected, Tensor actual)
    {
        if (!expected.Type.IsFloat)
            return expected.Integers.SequenceEqual(actual.Integers) ? 0 : float.PositiveInfinity;
        float scale = Math.Max(1, expected.Floats.ToArray().Max(Math.Abs)), largest = 0;
        for (int i = 0; i < expected.Shape.Count; i++)
            largest = Math.Max(largest, Math.Abs(expected.Floats[i] - actual.Floats[i]) / scale);
        return largest;
    }

    private static Tensor ReadTensor(string file, TensorType type)
    {
        ElementFormat format = type.Element switch
        {
            ElementType.Float32 => ElementFormat.Float32,
            ElementType.Float64 => ElementFormat.Float64,
            ElementType.Int64 => ElementFormat.Int64,
            ElementType.Int32 => ElementFormat.Int32,
            ElementType.Int8 => ElementFormat.Int8,
            ElementType.UInt8 => ElementFormat.UInt8,
            _ => ElementFormat.Bool,
        };
        return format.Read(type.Shape, File.ReadAllBytes(file));
    }

    /// <summary>The sizes of the recorded inputs, for models that leave them open.</summary>
    private static ImportOptions Sizes(string record)
    {
        using JsonDocument description = JsonDocument.Parse(File.ReadAllText(Path.Combine(record, "io.json")));
        return new ImportOptions
        {
            Dimensions = description.RootElement.GetProperty("inputs").EnumerateArray().SelectMany(input => input.GetProperty("dims").EnumerateArray().Select(
                (size, axis) => KeyValuePair.Create($"{input.GetProperty("name").GetString()}:{axis}", size.GetInt32()))).ToImmutableDictionary(),
        };
    }

    private ImportedModel? TryImport(string file, ImportOptions options)
    {
        try
        {
            return OnnxImporter.Import(file, options);
        }
        catch (ModelNotSupportedException e)
        {
            log.WriteLine($"{Path.GetFileName(file)}: {e.Message}");
            return null;
        }
    }

    private static string Outcome(string file)
    {
        try
        {
            ImportedModel model = OnnxImporter.Import(file);
            Assert.NotEmpty(model.Graph.Outputs);
            return $"imports, {model.Graph.Nodes.Length} nodes {string.Join(" ", model.Warnings)}";
        }
        catch (ModelNotSupportedException e)
        {
            Assert.Contains(e.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
            return "refused: " + string.Join("; ", e.Diagnostics.GroupBy(d => (d.Code, d.OperatorType)).Select(g => $"{g.Key.Code} {g.Key.OperatorType}×{g.Count()} ({g.First().Message})"));
        }
    }
}
