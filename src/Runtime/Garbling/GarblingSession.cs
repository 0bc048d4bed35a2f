using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// The public state that garbler and evaluator advance in lockstep: the hash's start point, which the garbler draws and
/// sends, and how many tweaks have been used. A tweak belongs to one gate half of one block of eight instances, or to
/// one round of pads for eight decisions, once.
/// </summary>
public sealed class GarblingSession(Block startPoint)
{
    private ulong _next;

    /// <summary>Random and public.</summary>
    public Block StartPoint { get; } = startPoint;

    /// <summary>A session with a fresh start point, for the garbler.</summary>
    public static GarblingSession Create() => new(SecureRandom.NextBlock());

    /// <summary>The first of <paramref name="count"/> tweaks that nothing else in this session gets.</summary>
    /// <exception cref="OverflowException">All 2^64 tweaks are used.</exception>
    internal ulong Reserve(ulong count)
    {
        ulong first = _next;
        _next = checked(_next + count);
        return first;
    }
}
