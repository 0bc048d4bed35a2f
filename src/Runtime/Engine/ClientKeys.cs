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

/// <summary>What the client keeps for a whole session: RLWE key pairs, the receiving end of oblivious transfer, randomness.</summary>
internal sealed class ClientKeys : IDisposable
{
    private readonly int _ringBits;
    private readonly ImmutableDictionary<(int Degree, int PrimeCount), RlweClientKeys> _rlwe;

    private ClientKeys(TwoPartyProgram program, ImmutableArray<RlweClientKeys> rlwe, CorrelatedOtReceiver transfers, GarblingSession garbling, AesCtrGenerator random)
    {
        _ringBits = program.Ring.Bits;
        _rlwe = program.KeySets.Zip(rlwe).ToImmutableDictionary(p => p.First, p => p.Second);
        Transfers = transfers;
        Garbling = garbling;
        Random = random;
    }

    public CorrelatedOtReceiver Transfers { get; }

    public GarblingSession Garbling { get; }

    /// <summary>The session's generator: shares, encryption noise.</summary>
    public AesCtrGenerator Random { get; }

    /// <summary>Makes the client's keys and exchanges the setup messages.</summary>
    public static ClientKeys Agree(TwoPartyProgram program, MessageChannel channel)
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
        return new ClientKeys(program, rlwe, new CorrelatedOtReceiver(keysOfZero, keysOfOne), new GarblingSession(startPoint), random);
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
