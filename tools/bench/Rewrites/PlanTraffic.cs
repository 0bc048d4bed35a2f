namespace PrivateInference.Benchmarks.Rewrites;

/// <summary>What a plan predicts of one inference.</summary>
/// <param name="RingBits">Of its integers.</param>
/// <param name="OnlineBytes">Both ways together.</param>
/// <param name="OfflineBytes">Both ways together.</param>
internal sealed record PlanTraffic(int RingBits, long OnlineBytes, long OfflineBytes);
