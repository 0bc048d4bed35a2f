using System.Globalization;
using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>Range, scale, width and truncation of every value.</summary>
internal static class ValueSection
{
    public static Section Of(ReportContent content)
    {
        ExecutionPlan plan = content.Plan.Plan;
        Dictionary<int, PlanStep> definitions = plan.Steps.ToDictionary(s => s.Output);
        return new Section("values", "Ranges, scales and truncation", Html.Of($"""
            <p>A value is held as integers modulo 2<sup>{plan.RingBits}</sup>: real value = integer ÷ scale. <em>Bits</em> is the signed width that holds the analysed range. Truncation is <em>exact</em> where values are compared, and <em>faithful</em> inside a polynomial's protocol, where it gives one of the two neighbouring integers; neither ever fails. A <em>local</em> one is faithful, too, and {Failure(content.Plan.Cost.TruncationFailure)}.</p>
            {Table.Of(
                "Fixed-point values",
                [
                    Table.Column("Value"), Table.Column("Shape"), Table.Number("Least"), Table.Number("Most"), Table.Number("Scale"), Table.Number("Bits"),
                    Table.Number($"Spare of {plan.RingBits}"), Table.Column("Truncation"), Table.Number("Error at most"), Table.Number("of the range"),
                ],
                plan.Values.Select((v, i) => Row(v, definitions.GetValueOrDefault(i), plan.RingBits)))}
            """));
    }

    private static Html Row(PlanValue value, PlanStep? definition, int ringBits) => Table.Row(
        Table.RowHeader(HtmlText.Name(value.Name)),
        Table.Cell(Html.Of($"{string.Join('×', value.Shape)}")),
        Table.NumberCell(Number(value.Minimum)),
        Table.NumberCell(Number(value.Maximum)),
        Table.NumberCell(Scale(value.Scale)),
        Table.NumberCell(Figure.Count(value.Bits)),
        Table.NumberCell(Figure.Count(ringBits - value.Bits)),
        Table.Cell(Html.Of($"{Truncation(definition)}")),
        Table.NumberCell(double.IsNaN(value.ErrorBound) ? Html.Of($"unknown") : Number(value.ErrorBound)),
        Table.NumberCell(double.IsNaN(value.ErrorBound) || value.Maximum <= value.Minimum ? Html.Empty : Figure.Percent(value.ErrorBound / (value.Maximum - value.Minimum))));

    private static string Truncation(PlanStep? definition) => definition switch
    {
        NonLinearStep { Shift: > 0 } step => $"{step.Shift} bits, exact",
        PolynomialStep { InputShift: > 0, OutputShift: > 0 } step => $"{step.InputShift} bits before, {step.OutputShift} after, faithful",
        PolynomialStep { InputShift: > 0 } step => $"{step.InputShift} bits before, faithful",
        PolynomialStep { OutputShift: > 0 } step => $"{step.OutputShift} bits, faithful",
        TruncateStep step => $"{step.Shift} bits, local",
        _ => "none",
    };

    private static string Failure(double probability) => probability == 0
        ? "there is none here: the plan fails with probability 0"
        : string.Create(CultureInfo.InvariantCulture, $"fails with a probability of at most 2^{Math.Log2(probability):0.0} in an inference, all together");

    private static Html Scale(double scale) => double.IsPow2(scale) ? Html.Of($"2<sup>{Math.ILogB(scale)}</sup>") : Number(scale);

    private static Html Number(double number) => Html.Of($"{number.ToString("G5", CultureInfo.InvariantCulture)}");
}
