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
        channel.BeginReceive(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ServerBytes(program, withDealer));
        baseOt.ReceiveChoices(channel, keysOfZero, keysOfOne);
        channel.Receive(MemoryMarshal.AsBytes(new Span<Block>(ref startPoint)));
        BaseOtReceiver? choices = program.NeedsChoices(withDealer) ? new BaseOtReceiver() : null;
        choices?.ReceiveSetup(channel);
        channel.EndReceive();
        CorrelatedOtReceiver transfers = new(keysOfZero, keysOfOne);
        CorrelatedOtSender? offered = choices is null ? null : Offer(channel, choices);
        return new ClientKeys(program, rlwe, transfers, offered, new GarblingSession(startPoint), random)
        {
            _silentTransfers = program.NeededTransfers(withDealer) is { } sizes ? Protocols.TwoParty.Comparison.SilentTransfers.AgreeAsClient(channel, sizes, offered!, transfers) : null,
        };
    }

    // The other direction's base transfers: this party chooses the bits of an offset of its own.
    private static CorrelatedOtSender Offer(MessageChannel channel, BaseOtReceiver baseOt)
    {
        Block delta = CorrelatedOtSender.CreateDelta();
        Block[] keys = new Block[CorrelatedOt.BaseCount];
        channel.BeginSend(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ChoiceBytes);
        baseOt.SendChoices(channel, CorrelatedOtSender.Choices(delta), keys);
        channel.EndSend();
        return new CorrelatedOtSender(delta, keys);
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
