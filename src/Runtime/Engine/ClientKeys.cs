using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>What the client keeps for a whole session: RLWE key pairs, its ends of oblivious transfer, randomness.</summary>
internal sealed class ClientKeys : IDisposable
{
    private readonly int _ringBits;
    private readonly CorrelatedOtSender? _choices;
    private Protocols.TwoParty.Comparison.SilentTransfers? _silentTransfers;
    private readonly ImmutableDictionary<(int Degree, int PrimeCount), RlweClientKeys> _rlwe;

    private ClientKeys(TwoPartyProgram program, ImmutableArray<RlweClientKeys> rlwe, CorrelatedOtReceiver transfers, CorrelatedOtSender? choices, GarblingSession garbling, AesCtrGenerator random)
    {
        _ringBits = program.Ring.Bits;
        _rlwe = program.KeySets.Zip(rlwe).ToImmutableDictionary(p => p.First, p => p.Second);
        Transfers = transfers;
        _choices = choices;
        Garbling = garbling;
        Random = random;
    }

    public CorrelatedOtReceiver Transfers { get; }

    /// <summary>The transfers in which the server chooses, for plans with shared signs.</summary>
    public CorrelatedOtSender Choices => _choices ?? throw new InvalidOperationException("The plan needs no transfers in which the server chooses.");

    /// <summary>The ends of silent transfers, for plans with steps by oblivious transfer.</summary>
    public Protocols.TwoParty.Comparison.SilentTransfers SilentTransfers => _silentTransfers ?? throw new InvalidOperationException("The plan needs no silent transfers.");

    public GarblingSession Garbling { get; }

    /// <summary>The session's generator: shares, encryption noise.</summary>
    public AesCtrGenerator Random { get; }

    /// <summary>Makes the client's keys and exchanges the setup messages.</summary>
    public static ClientKeys Agree(TwoPartyProgram program, bool withDealer, MessageChannel channel)
    {
        AesCtrGenerator random = SecureRandom.CreateGenerator();
        ImmutableArray<RlweClientKeys> rlwe = [.. program.KeySets.Select(k => RlweClientKeys.Generate(k.Degree, k.PrimeCount, random))];
        using BaseOtSender baseOt = new();
        channel.BeginSend(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ClientBytes(program));
        baseOt.SendSetup(channel);
        foreach (RlweClientKeys keys in rlwe)
        {
            byte[] publicKey = new byte[keys.Parameters.PublicKeyBytes];
            keys.WritePublicKey(publicKey);
            channel.Send(publicKey);
        }

        channel.EndSend();

        Block[] keysOfZero = new Block[CorrelatedOt.BaseCount], keysOfOne = new Block[CorrelatedOt.BaseCount];
        Block startPoint = default;
        channel.BeginReceive(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ServerBytes);
        baseOt.ReceiveChoices(channel, keysOfZero, keysOfOne);
        channel.Receive(MemoryMarshal.AsBytes(new Span<Block>(ref startPoint)));
        channel.EndReceive();

        CorrelatedOtReceiver transfers = new(keysOfZero, keysOfOne);
        GarblingSession garbling = new(startPoint);
        CorrelatedOtSender? choices = program.NeedsTransfers(withDealer) ? SendTrees(program, withDealer, channel, transfers, garbling) : null;
        ClientKeys agreed = new(program, rlwe, transfers, choices, garbling, random);
        if (program.NeededTransfers(withDealer) is { } sizes)
            agreed._silentTransfers = Protocols.TwoParty.Comparison.SilentTransfers.AgreeAsClient(channel, sizes, choices!, transfers);
        else if (choices is not null)
            ReceiveTrees(channel, choices);
        return agreed;
    }

    private static CorrelatedOtSender? SendTrees(TwoPartyProgram program, bool withDealer, MessageChannel channel, CorrelatedOtReceiver transfers, GarblingSession garbling)
    {
        channel.BeginSend(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ClientTreeBytes(program, withDealer));
        transfers.SendSetup(channel);
        CorrelatedOtSender? choices = program.NeedsChoices(withDealer) ? transfers.Reverse(channel, new TransferHash(garbling, CorrelatedOt.BaseCount)) : null;
        channel.EndSend();
        return choices;
    }

    private static void ReceiveTrees(MessageChannel channel, CorrelatedOtSender choices)
    {
        channel.BeginReceive(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ServerTreeBytes);
        choices.ReceiveSetup(channel);
        channel.EndReceive();
    }

    public RlweClientKeys Rlwe(RlweSettings settings) => _rlwe[(settings.Degree, settings.PrimeCount)];

    /// <summary>A fresh uniform share of a tensor.</summary>
    public ulong[] RandomShare(int count)
    {
        ulong[] share = new ulong[count];
        Random.FillRing(share, _ringBits);
        return share;
    }

    public void Dispose()
    {
        foreach (RlweClientKeys keys in _rlwe.Values)
            keys.Dispose();
    }
}
