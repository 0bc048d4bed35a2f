namespace PrivateInference.Runtime.Preprocessing;

/// <summary>
/// What a store takes in. A server's bounds what clients, whom it does not know, can make it keep. Sessions that produce at the same time may
/// exceed a limit by an item each.
/// </summary>
public sealed record StoreLimits
{
    /// <summary>Items of one plan and one other party. Default 1,000.</summary>
    public int MaxItems { get; init; } = 1000;

    /// <summary>Bytes of all items. Default 100 GB.</summary>
    public long MaxBytes { get; init; } = 100_000_000_000;

    /// <summary>Bytes that stay free on the disk. Default 1 GB.</summary>
    public long FreeBytes { get; init; } = 1_000_000_000;

    /// <summary>How long an item is kept unused. Default 30 days.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(30);

    /// <exception cref="ArgumentException">A limit is negative.</exception>
    internal static void Require(StoreLimits limits)
    {
        if (limits.MaxItems < 0 || limits.MaxBytes < 0 || limits.FreeBytes < 0 || limits.Lifetime <= TimeSpan.Zero)
            throw new ArgumentException("A store's limits are not negative, and its items live for some time.", nameof(limits));
    }
}
