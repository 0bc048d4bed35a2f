namespace PrivateInference.Runtime.Costs;

/// <summary>A line of a cost table, ready for a console; see <see cref="CostTable"/>.</summary>
public sealed record CostRow(
    string Name, string Kind, string Protocol, string Relus, string OfflineBytes, string OfflineRounds, string OnlineBytes, string OnlineRounds);
