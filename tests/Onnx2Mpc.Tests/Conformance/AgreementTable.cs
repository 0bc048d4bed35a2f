using System.Globalization;
using System.Text;

namespace PrivateInference.CommandLine.Tests.Conformance;

/// <summary>Writes the last section of <c>docs/conformance.md</c>.</summary>
internal static class AgreementTable
{
    public const string Heading = "## Secure plans";

    private const string Introduction = """


        Every third-party model that compiles, its plan executed in the clear (which secure execution equals bit for bit) against
        ONNX Runtime on the same images. Ring, scales and precision are the compiler's choice; ranges are observed on calibration
        images that are not measured, as with `onnx2mpc compile --calibrate`. Gray models see MNIST, colour models CIFAR-10,
        fitted to their size; models of other inputs see pixels as features. What a model was trained on may be something
        else: agreement is about arithmetic, not accuracy. Large models see fewer images. *Classes* is how many different ones
        ONNX Runtime predicts on the images; the light ImageNet architectures have uniform weights and predict one. Where the
        output is no class, the largest error of any element is given, relative to the output's range; where it consists of
        quantised integers, how many differ and by how many steps. At most one in a thousand may, by one step: the exact result
        lies close to a half there, and which way it is rounded depends on the order of a sum.


        """;

    /// <summary>The document with this section in place of an older one.</summary>
    public static string Replace(string document, IReadOnlyList<PlanAgreement> results)
    {
        int old = document.IndexOf(Heading, StringComparison.Ordinal);
        return (old < 0 ? document.TrimEnd() + "\n\n" : document[..old]) + Write(results);
    }

    private static string Write(IReadOnlyList<PlanAgreement> results)
    {
        StringBuilder text = new(Heading + Introduction.ReplaceLineEndings("\n"));
        PlanAgreement[] compared = [.. results.Where(r => r.Comparison is not null)];
        PlanAgreement[] classifiers = [.. compared.Where(r => r.IsClassification)];
        text.Append(CultureInfo.InvariantCulture, $"{classifiers.Count(r => r.IsGood)} of {classifiers.Length} classifiers agree with ONNX Runtime on at least 99% of the images; ");
        text.Append(CultureInfo.InvariantCulture, $"{compared.Count(r => r.IsGood) - classifiers.Count(r => r.IsGood)} of {compared.Length - classifiers.Length} other models are within 1% of the output's range or give its integers.\n\n");
        text.Append("| model | result | images | classes | ring | calibrated on |\n|---|---|---|---:|---:|---:|\n");
        foreach (PlanAgreement r in compared)
            text.Append(CultureInfo.InvariantCulture, $"| {r.Model} | {Result(r)} | {r.Comparison!.Samples} × {r.Data} | {(r.IsClassification ? r.Comparison.ClassesSeen : "")} | {r.RingBits} bits | {r.CalibrationSamples} |\n");
        text.Append("\nNot compiled to a plan:\n\n| model | why |\n|---|---|\n");
        foreach (PlanAgreement r in results.Where(r => r.Comparison is null))
            text.Append(CultureInfo.InvariantCulture, $"| {r.Model} | {r.Reason!.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        return text.ToString();
    }

    private static string Result(PlanAgreement r) => r.IsClassification
        ? string.Create(CultureInfo.InvariantCulture, $"{r.Comparison!.Agreement * 100:0.00}% agree")
        : r.Integers?.ToString() ?? string.Create(CultureInfo.InvariantCulture, $"error {r.Comparison!.RelativeError * 100:0.00}%");
}
