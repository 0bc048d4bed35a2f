using System.Security.Cryptography;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>The sender of <see cref="BaseOt"/>: it gets two keys a transfer and does not learn which of them the peer has.</summary>
public sealed class BaseOtSender : IDisposable
{
    private readonly ECDiffieHellman _secret = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly P256Point _sum;

    public BaseOtSender()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        _sum = P256Point.Of(key);
    }

    /// <summary>The first flight, of <see cref="BaseOt.SenderBytes"/> bytes.</summary>
    public void SendSetup(IChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        channel.Send(_sum.Encode());
        channel.Send(P256Point.Of(_secret).Encode());
    }

    /// <summary>The second flight, of <see cref="BaseOt.ReceiverBytes"/> bytes: one transfer a key of each span.</summary>
    /// <exception cref="ArgumentException">The two spans differ in length.</exception>
    /// <exception cref="PeerProtocolException">The peer is gone or sent what is no point of the curve.</exception>
    public void ReceiveChoices(IChannel channel, Span<Block> keysOfZero, Span<Block> keysOfOne)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (keysOfZero.Length != keysOfOne.Length)
            throw new ArgumentException("Each transfer has two keys.", nameof(keysOfOne));

        Span<byte> message = stackalloc byte[P256Point.Size];
        var zero = new P256Point[keysOfZero.Length];
        for (int i = 0; i < zero.Length; i++)
        {
            channel.Receive(message);
            zero[i] = P256Point.Decode(message);
        }

        P256Point[] one = _sum.SubtractEach(zero);
        for (int i = 0; i < zero.Length; i++)
        {
            keysOfZero[i] = BaseOt.DeriveKey(i, zero[i].MultiplyBySecret(_secret));
            keysOfOne[i] = BaseOt.DeriveKey(i, one[i].MultiplyBySecret(_secret));
        }
    }

    public void Dispose() => _secret.Dispose();
}
