using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// The receiver of <see cref="SilentOt"/>. Setup is <see cref="SendSetup"/>, then <see cref="ReceiveSetup"/>; after that every
/// <see cref="Extend"/> gives fresh correlations. Not for use by two threads at once.
/// </summary>
public sealed class SilentOtReceiver
{
    private readonly LpnParameters _parameters;
    private readonly Block[] _sums;
    private Block[]? _bootstrap;
    private LpnExpander? _expander;
    private TweakableHash? _hash;

    /// <param name="parameters">The same as the sender's.</param>
    public SilentOtReceiver(LpnParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = parameters;
        _sums = new Block[parameters.Depth];
    }

    /// <summary>First flight of the setup: sends <see cref="SilentOt.ReceiverSetupBytes"/> bytes.</summary>
    public void SendSetup(IChannel channel, CorrelatedOtReceiver transfers)
    {
        ArgumentNullException.ThrowIfNull(transfers);
        Block[] bootstrap = new Block[SilentOt.BootstrapCount(_parameters)];
        byte[] choices = new byte[(bootstrap.Length + 7) / 8];
        SecureRandom.CreateGenerator().Fill(choices);
        transfers.Extend(channel, choices, bootstrap);
        for (int i = 0; i < bootstrap.Length; i++)
            bootstrap[i] = SilentOt.ClearChoice(bootstrap[i]) ^ new Block((ulong)(choices[i / 8] >> (i % 8)) & 1, 0);
        CryptographicOperations.ZeroMemory(choices);
        _bootstrap = bootstrap;
    }

    /// <summary>Second flight of the setup: receives <see cref="SilentOt.SenderSetupBytes"/> bytes.</summary>
    /// <exception cref="InvalidOperationException">The first flight has not been sent.</exception>
    /// <exception cref="PeerProtocolException">The peer is gone or silent beyond the time limit.</exception>
    public void ReceiveSetup(IChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        Block[] reserve = _bootstrap ?? throw new InvalidOperationException("This party's flight comes first.");
        _bootstrap = null;

        Block seed = default;
        channel.Receive(MemoryMarshal.AsBytes(new Span<Block>(ref seed)));
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

    /// <summary>Receives <see cref="SilentOt.SenderBytes"/> bytes and computes M; bit 0 of M_i is the random choice u_i.</summary>
    /// <exception cref="InvalidOperationException">There was no setup, or an earlier extension failed.</exception>
    /// <exception cref="PeerProtocolException">The peer is gone or silent beyond the time limit.</exception>
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
            channel.ReceiveBlocks(sums);
            for (int level = 0; level < sums.Length; level++)
                sums[level] ^= masks[level];
            CorrelatedTree.Reconstruct(in _hash!.NextKey(), sums, masks, expander.Leaves);
            expander.Emit(output);
        }

        expander.End();
    }
}
