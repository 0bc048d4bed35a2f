namespace PrivateInference.Backends.Reports.Charts;

/// <summary>A point of <see cref="ParetoChart"/>.</summary>
/// <param name="Label">What it stands for.</param>
/// <param name="X">Smaller is better.</param>
/// <param name="Y">Better as the chart's axis says.</param>
internal sealed record ChartPoint(string Label, double X, double Y);
