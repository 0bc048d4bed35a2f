namespace PrivateInference.Benchmarks.Rewrites;

/// <summary>Bytes of one inference, both ways together, as the plan predicts them.</summary>
internal sealed record PlanTraffic(long OnlineBytes, long OfflineBytes);
