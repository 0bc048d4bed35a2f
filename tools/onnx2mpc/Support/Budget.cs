namespace PrivateInference.CommandLine.Support;

/// <summary>What a compiled plan may cost at most, and how good it has to be; null where there is no limit.</summary>
internal sealed record Budget
{
    /// <summary>Bytes of both parties together, online.</summary>
    public long? OnlineBytes { get; init; }

    public int? OnlineRounds { get; init; }

    /// <summary>Sign decisions.</summary>
    public long? Relus { get; init; }

    /// <summary>0 to 1.</summary>
    public double? Accuracy { get; init; }

    /// <summary>0 to 1.</summary>
    public double? AccuracyDrop { get; init; }

    public bool LimitsAccuracy => Accuracy is not null || AccuracyDrop is not null;
}
