using System.Runtime.InteropServices;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// The sender of <see cref="SilentOt"/>. Setup is <see cref="ReceiveSetup"/>, then <see cref="SendSetup"/>; after that every
/// <see cref="Extend"/> gives fresh correlations. Not for use by two threads at once.
/// </summary>
public sealed class SilentOtSender
{
    private readonly LpnParameters _parameters;
    private readonly AesCtrGenerator _roots = SecureRandom.CreateGenerator();
    private readonly Block[] _sums;
    private Block[]? _bootstrap;
    private LpnExpander? _expander;
    private TweakableHash? _hash;

    /// <param name="parameters">The same as the receiver's.</param>
    /// <param name="delta">Δ, secret; bit 0 is one.</param>
    /// <exception cref="ArgumentException">Bit 0 of Δ is zero.</exception>
    public SilentOtSender(LpnParameters parameters, Block delta)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (delta.LeastSignificantBit == 0)
            throw new ArgumentException("Bit 0 of Δ is the receiver's choice and must be one.", nameof(delta));
        _parameters = parameters;
        _sums = new Block[parameters.Depth];
        Delta = delta;
    }

    /// <summary>Δ: secret, and the same for all correlations of this object.</summary>
    public Block Delta { get; }

    /// <summary>First flight of the setup: receives <see cref="SilentOt.ReceiverSetupBytes"/> bytes.</summary>
    /// <param name="channel">From the receiver.</param>
    /// <param name="transfers">An extension with the same Δ.</param>
    /// <exception cref="PeerProtocolException">The peer is gone or silent beyond the time limit.</exception>
    public void ReceiveSetup(IChannel channel, CorrelatedOtSender transfers)
    {
        ArgumentNullException.ThrowIfNull(transfers);
        Block[] bootstrap = new Block[SilentOt.BootstrapCount(_parameters)];
        transfers.Extend(channel, bootstrap);
        foreach (ref Block correlation in bootstrap.AsSpan())
            correlation = SilentOt.ClearChoice(correlation);
        _bootstrap = bootstrap;
    }

    /// <summary>Second flight of the setup: sends <see cref="SilentOt.SenderSetupBytes"/> bytes.</summary>
    /// <exception cref="InvalidOperationException">The first flight has not been received.</exception>
    public void SendSetup(IChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        Block[] reserve = _bootstrap ?? throw new InvalidOperationException("The receiver's flight comes first.");
        _bootstrap = null;

        Block seed = SecureRandom.NextBlock();
        channel.Send(MemoryMarshal.AsBytes(new ReadOnlySpan<Block>(in seed)));
        var random = new AesCtrGenerator(seed);
        _hash = new TweakableHash(random.NextBlock(), firstTweak: 0);
        Block codeSeed = random.NextBlock();
        if (!SilentOt.IsDirect(_parameters))
        {
            Block[] first = new Block[_parameters.ReserveCount];
            Run(channel, new LpnExpander(LpnParameters.Depth10, codeSeed, reserve, renews: false), first);
            reserve = first;
        }

        _expander = new LpnExpander(_parameters, codeSeed, reserve, renews: true);
    }

    /// <summary>Sends <see cref="SilentOt.SenderBytes"/> bytes and computes K, whose bit 0 is zero.</summary>
    /// <exception cref="InvalidOperationException">There was no setup, or an earlier extension failed.</exception>
    /// <exception cref="PeerProtocolException">The peer is gone or does not read within the time limit.</exception>
    public void Extend(IChannel channel, Span<Block> correlations)
    {
        ArgumentNullException.ThrowIfNull(channel);
        LpnExpander expander = _expander ?? throw new InvalidOperationException("The setup comes first.");
        while (!correlations.IsEmpty)
        {
            int count = Math.Min(correlations.Length, _parameters.Capacity);
            Run(channel, expander, correlations[..count]);
            correlations = correlations[count..];
        }
    }

    private void Run(IChannel channel, LpnExpander expander, Span<Block> output)
    {
        expander.Begin();
        int trees = expander.TreesFor(output.Length);
        for (int tree = 0; tree < trees; tree++)
        {
            ReadOnlySpan<Block> masks = expander.Masks(tree);
            Span<Block> sums = _sums.AsSpan(0, masks.Length);
            CorrelatedTree.Expand(in _hash!.NextKey(), _roots.NextBlock(), Delta, expander.Leaves, sums);
            for (int level = 0; level < sums.Length; level++)
                sums[level] ^= masks[level];
            channel.SendBlocks(sums);
            expander.Emit(output);
        }

        expander.End();
    }
}
