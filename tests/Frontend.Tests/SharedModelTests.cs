using PrivateInference.Frontend.Diagnostics;
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
