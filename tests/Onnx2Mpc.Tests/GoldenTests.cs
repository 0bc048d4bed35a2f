using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Frontend;
using PrivateInference.IR.Printing;
using PrivateInference.Passes;
using PrivateInference.Runtime.Plan;
using PrivateInference.Testing;

namespace PrivateInference.CommandLine.Tests;

[Collection(SampleCollection.Name)]
public sealed class GoldenTests(CompiledSample sample)
{
    public static TheoryData<string> Models => [.. CompiledSample.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void Imported_graph_is_unchanged(string name)
        => Golden.Matches($"{name}/imported.txt", GraphPrinter.Print(OnnxImporter.Import(Repository.Sample(name + ".onnx")).Graph));

    [Theory]
    [MemberData(nameof(Models))]
    public void Canonical_graph_is_unchanged(string name)
        => Golden.Matches($"{name}/canonical.txt", GraphPrinter.Print(PassPipeline.Canonicalize(OnnxImporter.Import(Repository.Sample(name + ".onnx")).Graph)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Plan_is_unchanged(string name) => Golden.Matches($"{name}/plan.txt", PlanPrinter.Print(sample.Plan(name)));

    [Theory]
    [MemberData(nameof(Models))]
    public void Cost_is_unchanged(string name) => Golden.Matches($"{name}/cost.json", File.ReadAllText(sample.CostPath(name)));
}
