using System.Security.Cryptography;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>The receiver of <see cref="BaseOt"/>: it gets the key of its choice in each transfer, and no other.</summary>
public sealed class BaseOtReceiver
{
    private P256Point? _sum;
    private P256Point? _senderPoint;

    /// <summary>The first flight, of <see cref="BaseOt.SenderBytes"/> bytes.</summary>
    /// <exception cref="PeerProtocolException">The peer is gone or sent what is no point of the curve.</exception>
    public void ReceiveSetup(IChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        Span<byte> message = stackalloc byte[(int)BaseOt.SenderBytes];
        channel.Receive(message);
        _sum = P256Point.Decode(message);
        _senderPoint = P256Point.Decode(message[P256Point.Size..]);
    }

    /// <summary>The second flight, of <see cref="BaseOt.ReceiverBytes"/> bytes.</summary>
    /// <param name="channel">To the sender.</param>
    /// <param name="choices">One bit a transfer; transfer i has bit i mod 8 of byte i / 8.</param>
    /// <param name="keys">One key a transfer.</param>
    /// <exception cref="InvalidOperationException">The first flight has not been received.</exception>
    public void SendChoices(IChannel channel, ReadOnlySpan<byte> choices, Span<Block> keys)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (_sum is null || _senderPoint is null)
            throw new InvalidOperationException("The sender's flight comes first.");

        var secrets = new ECDiffieHellman[keys.Length];
        try
        {
            for (int i = 0; i < secrets.Length; i++)
                secrets[i] = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
            P256Point[] known = [.. secrets.Select(P256Point.Of)];
            P256Point[] unknown = _sum.SubtractEach(known);

            Span<byte> message = stackalloc byte[P256Point.Size];
            for (int i = 0; i < keys.Length; i++)
            {
                // The sender can compute both points whatever the choice, so only the selection must not leak.
                Select(known[i].Encode(), unknown[i].Encode(), choices[i / 8] >> (i % 8), message);
                channel.Send(message);
            }

            // The sender works on the points while this party derives its keys.
            channel.Flush();
            for (int i = 0; i < keys.Length; i++)
                keys[i] = BaseOt.DeriveKey(i, _senderPoint.MultiplyBySecret(secrets[i]));
        }
        finally
        {
            foreach (ECDiffieHellman? secret in secrets)
                secret?.Dispose();
        }
    }

    private static void Select(ReadOnlySpan<byte> ifZero, ReadOnlySpan<byte> ifOne, int bit, Span<byte> selected)
    {
        int mask = -(bit & 1);
        for (int i = 0; i < selected.Length; i++)
            selected[i] = (byte)(ifZero[i] ^ ((ifZero[i] ^ ifOne[i]) & mask));
    }
}
