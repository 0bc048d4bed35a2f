using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Frontend.Reference;
using Xunit.Abstractions;

namespace PrivateInference.CommandLine.Tests.Conformance;

/// <summary>Plans of other people's models against ONNX Runtime on real images.</summary>
public class AgreementTests(ITestOutputHelper log)
{
    /// <summary>Set by <c>./build.sh conformance</c>: measure all models on many images and write the table.</summary>
    private static readonly bool _update = Environment.GetEnvironmentVariable("UPDATE_CONFORMANCE") == "1";

    [SkippableTheory]
    [InlineData("mnist/ccoltong_lenet.onnx")]
    [InlineData("mnist/heman_cryptonets.onnx")]
    [InlineData("mnist/marabou_cnn_max_mninst2.onnx")]
    [InlineData("mnist/marabou_conv_mp1.onnx")]
    [InlineData("mnist/onnx2c_atmega_simplified.onnx")]
    [InlineData("mnist/onnx2c_pytorch_mnist.onnx")]
    [InlineData("quantized/ort_conv_qdq_u8u8.onnx")]
    [InlineData("quantized/ort_conv_qdq_s8s8.onnx")]
    [InlineData("quantized/ort_conv_qdq_s8s8_perchannel.onnx")]
    [InlineData("cifar/marabou_cifar_base_kw.onnx")]
    [InlineData("traffic/marabou_TinyTaxiNet.onnx")]
    [InlineData("traffic/marabou_german_traffic_sign_fast.onnx")]
    public void Plans_agree_with_ONNX_Runtime_on_real_images(string model)
    {
        RequireFiles();
        PlanAgreement result = PlanAgreement.Measure(Path.Combine(SharedFiles.ModelFolder, model), mostImages: 500);
        Assert.True(result.Reason is null, result.Reason);
        Assert.True(result.IsGood, Describe(result));
        log.WriteLine(Describe(result));
    }

    [SkippableFact]
    public void All_plans_agree_with_ONNX_Runtime_and_are_listed()
    {
        Skip.IfNot(_update, "measuring all models takes minutes; './build.sh conformance' does it");
        RequireFiles();
        List<PlanAgreement> results = [];
        foreach (string file in SharedFiles.Models())
        {
            results.Add(PlanAgreement.Measure(file));
            Console.Error.WriteLine(Describe(results[^1]));
        }

        string document = Path.Combine(Repository.Root, "docs", "conformance.md");
        File.WriteAllText(document, AgreementTable.Replace(File.ReadAllText(document), results));
        string[] failures = [.. results.Where(r => r.Comparison is not null && !r.IsGood).Select(Describe)];
        Assert.True(failures.Length == 0, string.Join('\n', failures));
    }

    private static void RequireFiles()
    {
        Skip.IfNot(SharedFiles.Exist, "no shared models and data beside the repository");
        Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; './build.sh reference' installs it.");
    }

    private static string Describe(PlanAgreement r) => r.Reason is { } reason
        ? $"{r.Model}: {reason}"
        : $"{r.Model}: agreement {r.Comparison!.Agreement:P2}, error {r.Comparison.RelativeError:P3}{(r.Comparison.Integers is { } integers ? $", {integers}" : "")} on {r.Comparison.Samples} × {r.Data}, {r.RingBits} bits";
}
