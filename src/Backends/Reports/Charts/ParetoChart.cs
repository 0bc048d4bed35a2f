using System.Collections.Immutable;
using PrivateInference.Backends.Reports.Markup;

namespace PrivateInference.Backends.Reports.Charts;

/// <summary>A scatter chart of two costs, or of cost and quality; those on the front are filled and joined by a line.</summary>
internal sealed class ParetoChart
{
    private const int Width = 720;
    private const int Height = 420;
    private const int Left = 140;
    private const int Right = 30;
    private const int Top = 30;
    private const int Bottom = 80;

    private readonly IReadOnlyList<ChartPoint> _points;
    private readonly ChartAxis _x;
    private readonly ChartAxis _y;
    private readonly ImmutableArray<double> _xTicks;
    private readonly ImmutableArray<double> _yTicks;
    private readonly ImmutableArray<bool> _front;

    public ParetoChart(IReadOnlyList<ChartPoint> points, ChartAxis x, ChartAxis y)
    {
        _points = points;
        _x = x;
        _y = y;
        _xTicks = ChartAxis.Ticks(points.Select(p => p.X));
        _yTicks = ChartAxis.Ticks(points.Select(p => p.Y), most: y.LargerIsBetter ? 1 : double.PositiveInfinity);
        _front = ParetoFront.Of(points, y.LargerIsBetter);
    }

    /// <summary>The points are numbered from 1; whoever shows the chart says what the numbers mean.</summary>
    public Html Draw(string title) => Html.Of($"""
        <figure>
        <svg class="chart" viewBox="0 0 {Width} {Height}" role="group" aria-label="{title}">
        {_xTicks.Select(XTick)}{_yTicks.Select(YTick)}
        <text class="axis" x="{(Left + Width - Right) / 2}" y="{Height - 14}" text-anchor="middle">{_x.Title}</text>
        <text class="axis" x="{-(Top + Height - Bottom) / 2}" y="24" transform="rotate(-90)" text-anchor="middle">{_y.Title}</text>
        <polyline class="front" points="{Line()}"/>
        {_points.Select(Point)}
        </svg>
        <figcaption>{title}</figcaption>
        </figure>
        """);

    private Html XTick(double value) => Html.Of(
        $"<path class=\"grid\" d=\"M{X(value)} {Top}V{Height - Bottom}\"/><text x=\"{X(value)}\" y=\"{Height - Bottom + 26}\" text-anchor=\"middle\">{_x.Format(value)}</text>");

    private Html YTick(double value) => Html.Of(
        $"<path class=\"grid\" d=\"M{Left} {Y(value)}H{Width - Right}\"/><text x=\"{Left - 8}\" y=\"{Y(value) + 5}\" text-anchor=\"end\">{_y.Format(value)}</text>");

    private Html Point(ChartPoint point, int index)
    {
        string name = $"{index + 1}: {point.Label}, {_x.Title} {_x.Format(point.X)}, {_y.Title} {_y.Format(point.Y)}{(_front[index] ? ", on the front" : "")}";
        return Html.Of($"""
            <g class="point{(_front[index] ? Html.Trusted(" best") : Html.Empty)}" tabindex="0" role="img" aria-label="{name}"><title>{name}</title><circle cx="{X(point.X)}" cy="{Y(point.Y)}" r="8"/><text x="{X(point.X)}" y="{Y(point.Y) - 14}" text-anchor="middle">{index + 1}</text></g>

            """);
    }

    private string Line() => string.Join(' ', Enumerable.Range(0, _points.Count)
        .Where(i => _front[i]).OrderBy(i => _points[i].X).ThenBy(i => _points[i].Y)
        .Select(i => FormattableString.Invariant($"{X(_points[i].X):0.##},{Y(_points[i].Y):0.##}")));

    private double X(double value) => Left + ((Width - Left - Right) * Part(value, _xTicks));

    private double Y(double value) => Height - Bottom - ((Height - Top - Bottom) * Part(value, _yTicks));

    private static double Part(double value, ImmutableArray<double> ticks) => (value - ticks[0]) / (ticks[^1] - ticks[0]);
}
