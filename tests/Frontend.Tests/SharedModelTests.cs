using System.Runtime.InteropServices;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
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
    public void Imported_models_compute_what_the_recorded_reference_computed(string folder, int atLeast)
    {
        int compared = 0;
        foreach (string file in SharedModels.Files(folder))
        {
            string record = Path.Combine(SharedModels.Root!, "expected", folder, Path.GetFileNameWithoutExtension(file));
            if (!Directory.Exists(record) || TryImport(file) is not { } model)
                continue;
            float difference = LargestDifference(model, record);
            log.WriteLine($"{Path.GetFileName(file)}: {difference:E1}");
            Assert.True(difference < 1e-3f, $"{file}: {difference}");
            compared++;
        }

        Assert.True(compared >= atLeast, $"only {compared} models import");
    }

    /// <summary>Relative to the largest output.</summary>
    private static float LargestDifference(ImportedModel model, string record)
    {
        Tensor[] inputs = [.. model.Graph.Inputs.Select((v, i) => Tensor.FromFloats(v.Type, ReadFloats(Path.Combine(record, $"input_{i}.bin"))))];
        IReadOnlyList<Tensor> outputs = FloatInterpreter.Run(model.Graph, inputs);
        float largest = 0;
        for (int o = 0; o < outputs.Count; o++)
        {
            float[] expected = ReadFloats(Path.Combine(record, $"output_{o}.bin"));
            Assert.Equal(expected.Length, outputs[o].Shape.Count);
            float scale = Math.Max(1, expected.Max(Math.Abs));
            for (int i = 0; i < expected.Length; i++)
                largest = Math.Max(largest, Math.Abs(expected[i] - outputs[o].Floats[i]) / scale);
        }

        return largest;
    }

    private static float[] ReadFloats(string file) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();

    private static ImportedModel? TryImport(string file)
    {
        try
        {
            return OnnxImporter.Import(file);
        }
        catch (ModelNotSupportedException)
        {
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
