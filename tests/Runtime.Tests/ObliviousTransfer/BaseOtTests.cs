using System.Security.Cryptography;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.ObliviousTransfer;

public sealed class BaseOtTests
{
    [Fact]
    public void The_receiver_gets_the_key_of_its_choice_and_not_the_other()
    {
        const int Count = 40;
        byte[] choices = RandomNumberGenerator.GetBytes(5);
        var zero = new Block[Count];
        var one = new Block[Count];
        var chosen = new Block[Count];
        OtParties.Run(
            channel =>
            {
                using var sender = new BaseOtSender();
                var recording = new RecordingChannel(channel);
                sender.SendSetup(recording);
                sender.ReceiveChoices(recording, zero, one);
                Assert.Equal(BaseOt.SenderBytes, recording.Sent.Count);
                Assert.Equal(BaseOt.ReceiverBytes(Count), recording.Received);
            },
            channel =>
            {
                var receiver = new BaseOtReceiver();
                receiver.ReceiveSetup(channel);
                receiver.SendChoices(channel, choices, chosen);
            });

        for (int i = 0; i < Count; i++)
        {
            bool choice = OtParties.Bit(choices, i);
            Assert.Equal(OtParties.Words(choice ? one[i] : zero[i]), OtParties.Words(chosen[i]));
            Assert.NotEqual(OtParties.Words(choice ? zero[i] : one[i]), OtParties.Words(chosen[i]));
        }

        Assert.Equal(2 * Count, zero.Concat(one).Select(OtParties.Words).Distinct().Count());
    }

    [Fact]
    public void Points_off_the_curve_are_refused()
    {
        byte[] point = ValidPoint();
        point[63] ^= 1;
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        first.Send(ValidPoint());
        first.Send(point);
        Assert.Throws<PeerProtocolException>(() => new BaseOtReceiver().ReceiveSetup(second));

        second.Send(point);
        using var sender = new BaseOtSender();
        Assert.Throws<PeerProtocolException>(() => sender.ReceiveChoices(first, new Block[1], new Block[1]));
    }

    [Fact]
    public void Coordinates_beyond_the_prime_and_the_zero_point_are_refused()
    {
        byte[] large = new byte[64];
        Array.Fill(large, (byte)0xFF);
        Assert.Throws<PeerProtocolException>(() => P256Point.Decode(large));
        Assert.Throws<PeerProtocolException>(() => P256Point.Decode(new byte[64]));
    }

    [Fact]
    public void A_choice_that_would_be_the_point_at_infinity_is_refused()
    {
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        using var sender = new BaseOtSender();
        sender.SendSetup(first);
        byte[] setup = new byte[BaseOt.SenderBytes];
        second.Receive(setup);
        second.Send(setup.AsSpan(0, 64));
        Assert.Throws<PeerProtocolException>(() => sender.ReceiveChoices(first, new Block[1], new Block[1]));
    }

    [Fact]
    public void A_truncated_flight_is_refused()
    {
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        first.Send(ValidPoint());
        first.Dispose();
        Assert.Throws<PeerProtocolException>(() => new BaseOtReceiver().ReceiveSetup(second));
    }

    [Fact]
    public void Choosing_before_the_senders_flight_is_refused()
    {
        (MemoryChannel first, _) = MemoryChannel.CreatePair();
        Assert.Throws<InvalidOperationException>(() => new BaseOtReceiver().SendChoices(first, new byte[1], new Block[1]));
    }

    [Fact]
    public void Point_subtraction_agrees_with_scalar_arithmetic() // G·3 − G·1 = G·2, SP 800-186 multiples of G
    {
        P256Point one = P256Point.Decode(Convert.FromHexString(
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
            + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));
        P256Point three = P256Point.Decode(Convert.FromHexString(
            "5ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c"
            + "8734640c4998ff7e374b06ce1a64a2ecd82ab036384fb83d9a79b127a27d5032"));
        Assert.Equal(
            "7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978"
            + "07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1",
            Convert.ToHexStringLower(three.SubtractEach([one])[0].Encode()));
    }

    [Fact]
    public void Points_subtracted_together_are_those_subtracted_alone()
    {
        P256Point minuend = P256Point.Decode(ValidPoint());
        P256Point[] others = [.. Enumerable.Range(0, 5).Select(_ => P256Point.Decode(ValidPoint()))];
        Assert.Equal(
            others.Select(other => Convert.ToHexStringLower(minuend.SubtractEach([other])[0].Encode())),
            minuend.SubtractEach(others).Select(difference => Convert.ToHexStringLower(difference.Encode())));
        Assert.Empty(minuend.SubtractEach([]));
        Assert.Throws<PeerProtocolException>(() => minuend.SubtractEach([others[0], minuend, others[1]]));
    }

    private static byte[] ValidPoint()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return P256Point.Of(key).Encode();
    }
}
