using PrivateInference.Backends.Reports.Markup;

namespace PrivateInference.Backends.Reports.Charts;

/// <summary>Draws a row of <see cref="StepLanes"/>; rows stand on each other without a gap.</summary>
internal static class LaneDrawing
{
    private const int LaneWidth = 16;
    private const int Height = 36;
    private const int Middle = Height / 2;

    /// <param name="row">The row.</param>
    /// <param name="lanes">Lanes of the whole drawing.</param>
    /// <param name="kind">The node's class, which gives its colour.</param>
    public static Html Of(LaneRow row, int lanes, string kind) => Html.Of($"""
        <svg class="lanes" width="{lanes * LaneWidth}" height="{Height}" aria-hidden="true">{row.Passing.Select(Pass)}{row.Entering.Select(l => Enter(l, row.Lane))}{(row.Leaves ? Leave(row.Lane) : Html.Empty)}<circle class="{kind}" cx="{X(row.Lane)}" cy="{Middle}" r="6"/></svg>
        """);

    private static Html Pass(int lane) => Html.Of($"<path d=\"M{X(lane)} 0V{Height}\"/>");

    private static Html Enter(int from, int to) => from == to
        ? Html.Of($"<path d=\"M{X(to)} 0V{Middle}\"/>")
        : Html.Of($"<path d=\"M{X(from)} 0C{X(from)} {Middle} {X(to)} 0 {X(to)} {Middle}\"/>");

    private static Html Leave(int lane) => Html.Of($"<path d=\"M{X(lane)} {Middle}V{Height}\"/>");

    private static int X(int lane) => (lane * LaneWidth) + (LaneWidth / 2);
}
