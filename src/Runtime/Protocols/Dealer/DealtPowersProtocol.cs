using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>
/// The offline phase of a polynomial step with a dealer, in the place of the oblivious transfers of
/// <see cref="PolynomialProtocol"/>. With c the client's share of the input and t the server's mask, both expanded from seeds that
/// the dealer knows, u = c + t. The client expands its shares of u², u³, … from its seed as well; the dealer gives the server
/// what is missing, one word a power and element, uniform as the client's shares are used once. The client receives nothing.
/// </summary>
internal sealed class DealtPowersProtocol
{
    private const int WordsPerBlock = 2;
    private const int FirstShared = 2;

    private readonly PolynomialProtocol _protocol;

    public DealtPowersProtocol(int step, PolynomialProtocol protocol)
    {
        Step = step;
        _protocol = protocol;
        Correction = PlannedMessage.Create(
            step, Phase.Offline, Party.Helper, PackedBits.ByteCount((long)SharedPowers * protocol.Count * protocol.Ring.Bits));
    }

    public int Step { get; }

    /// <summary>From the dealer to the server: its shares of u², u³, …, power by power.</summary>
    public PlannedMessage Correction { get; }

    /// <summary>The dealer: expands what both parties expand, and multiplies.</summary>
    public WorkCost DealingWork => WorkCost.Stream((SharedPowers + 1L) * _protocol.Count / WordsPerBlock)
        + WorkCost.Of(Primitive.MultiplyAccumulate, (long)SharedPowers * _protocol.Count);

    /// <summary>The client: expands its shares of the powers and of the output.</summary>
    public WorkCost ExpansionWork => WorkCost.Stream((SharedPowers + 1L) * _protocol.Count / WordsPerBlock);

    /// <summary>The server: expands t and takes its shares.</summary>
    public WorkCost TakingWork => WorkCost.Stream(_protocol.Count / WordsPerBlock)
        + WorkCost.Of(Primitive.HandledElement, (long)SharedPowers * _protocol.Count);

    private int SharedPowers => _protocol.Degree + 1 - FirstShared;

    /// <summary>The client's shares: c, and its expansion.</summary>
    public PowerShares ClientShares(DealerStreams client, ulong serial, ReadOnlySpan<ulong> inputShare)
    {
        PowerShares shares = new(_protocol);
        inputShare.CopyTo(shares[1]);
        Distribute(client.Powers(serial, Step, SharedPowers * _protocol.Count, _protocol.Ring.Bits), shares);
        return shares;
    }

    /// <summary>The dealer: sends u^k less the client's share of it.</summary>
    public void Deal(MessageChannel channel, DealerStreams client, DealerStreams server, ulong serial, ReadOnlySpan<ulong> inputShare)
    {
        ulong[] random = server.Mask(serial, Step, _protocol.Count, _protocol.Ring.Bits);
        _protocol.Ring.Add(random, inputShare, random);
        ulong[] corrections = client.Powers(serial, Step, SharedPowers * _protocol.Count, _protocol.Ring.Bits);
        ulong mask = _protocol.Ring.Mask;
        for (int i = 0; i < random.Length; i++)
        {
            ulong power = random[i];
            for (int k = 0; k < SharedPowers; k++)
            {
                power *= random[i];
                ref ulong word = ref corrections[(k * random.Length) + i];
                word = (power - word) & mask;
            }
        }

        ShareExchange.Send(channel, Correction, corrections, _protocol.Ring.Bits);
    }

    /// <summary>The server's shares: t, and the dealer's corrections.</summary>
    public PowerShares ReceiveServerShares(MessageChannel channel, DealerStreams server, ulong serial)
    {
        PowerShares shares = new(_protocol);
        server.Mask(serial, Step, _protocol.Count, _protocol.Ring.Bits).CopyTo(shares[1], 0);
        ulong[] corrections = new ulong[SharedPowers * _protocol.Count];
        ShareExchange.Receive(channel, Correction, corrections, _protocol.Ring.Bits);
        Distribute(corrections, shares);
        return shares;
    }

    private void Distribute(ReadOnlySpan<ulong> words, PowerShares shares)
    {
        for (int k = 0; k < SharedPowers; k++)
            words.Slice(k * _protocol.Count, _protocol.Count).CopyTo(shares[FirstShared + k]);
    }
}
