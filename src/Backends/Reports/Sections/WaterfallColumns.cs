using PrivateInference.Backends.Reports.Charts;
using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>The columns of a waterfall; each remembers how far it has come.</summary>
internal sealed class WaterfallColumns(CostReport cost, TimeReport time)
{
    private const string Online = "online";
    private const string Offline = "offline";

    private readonly double[] _reached = new double[6];
    private readonly double[] _whole =
    [
        time.OnlineSeconds, cost.Total.Online.TotalBytes, cost.Total.Online.Rounds,
        time.SetupSeconds + time.OfflineSeconds, cost.Total.Offline.TotalBytes, cost.Total.Offline.Rounds,
    ];

    /// <summary>Whether a step costs anything but a share of the client's or server's own time that nobody would notice.</summary>
    public bool Costs(int step)
    {
        StepCost s = cost.Steps[step];
        const double noticed = 0.001;
        return s.Online.TotalBytes + s.Offline.TotalBytes > 0
            || time.Steps[step].OnlineSeconds > noticed * _whole[0] || time.Steps[step].OfflineSeconds > noticed * _whole[3];
    }

    public Html Row(int step)
    {
        StepCost s = cost.Steps[step];
        StepTime t = time.Steps[step];
        string place = $"steps[{step}]";
        return Table.Row(
            Table.RowHeader(step == 0 ? Html.Of($"<em>{s.Name}</em>") : HtmlText.Name(s.Name)),
            Cell(0, Figure.Seconds(t.OnlineSeconds), t.OnlineSeconds, Online),
            Cell(1, Bytes(s.Online, $"{place}.online"), s.Online.TotalBytes, Online),
            Cell(2, Figure.Count(s.Online.Rounds, $"{place}.online.rounds"), s.Online.Rounds, Online),
            Cell(3, Figure.Seconds(t.OfflineSeconds), t.OfflineSeconds, Offline),
            Cell(4, Bytes(s.Offline, $"{place}.offline"), s.Offline.TotalBytes, Offline),
            Cell(5, Figure.Count(s.Offline.Rounds, $"{place}.offline.rounds"), s.Offline.Rounds, Offline));
    }

    public Html Total() => Table.Row(
        Table.RowHeader(Html.Of($"total")),
        Table.NumberCell(Figure.Seconds(_whole[0])),
        Table.NumberCell(Bytes(cost.Total.Online, "total.online")),
        Table.NumberCell(Figure.Count(cost.Total.Online.Rounds, "total.online.rounds")),
        Table.NumberCell(Figure.Seconds(_whole[3])),
        Table.NumberCell(Bytes(cost.Total.Offline, "total.offline")),
        Table.NumberCell(Figure.Count(cost.Total.Offline.Rounds, "total.offline.rounds")));

    private Html Cell(int column, Html figure, double length, string kind)
    {
        Html bar = Bar.Of(_reached[column], length, _whole[column], kind);
        _reached[column] += length;
        return Table.NumberCell(Html.Of($"{figure}{bar}"));
    }

    private static Html Bytes(PhaseCost bytes, string place)
    {
        Html two = Html.Of($"{Figure.Bytes(bytes.ClientBytes, $"{place}.client_bytes")} + {Figure.Bytes(bytes.ServerBytes, $"{place}.server_bytes")}");
        return bytes.HelperBytes == 0 ? two : Html.Of($"{two} + {Figure.Bytes(bytes.HelperBytes, $"{place}.helper_bytes")}");
    }
}
