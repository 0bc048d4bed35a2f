using System.Numerics;
using System.Security.Cryptography;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.ObliviousTransfer;

public sealed class CorrelatedOtTests
{
    private static readonly int[] s_sizes = [1, 5, 127, 128, 129, 1000, 1024, 1025, 3333];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Every_extension_has_the_correlation_and_the_stated_bytes(int fieldBits)
    {
        Block delta = CorrelatedOtSender.CreateDelta();
        (CorrelatedOtSender sender, CorrelatedOtReceiver receiver) = OtParties.Correlated(delta, fieldBits);
        byte[][] choices = [.. s_sizes.Select(size => RandomNumberGenerator.GetBytes((size + 7) / 8))];
        Block[][] q = [.. s_sizes.Select(size => new Block[size])];
        Block[][] t = [.. s_sizes.Select(size => new Block[size])];
        OtParties.Run(
            channel => Each(run => sender.Extend(channel, q[run])),
            channel => Each(run =>
            {
                var recording = new RecordingChannel(channel);
                receiver.Extend(recording, choices[run], t[run]);
                Assert.Equal(CorrelatedOt.ReceiverBytes(s_sizes[run], fieldBits), recording.Sent.Count);
            }));

        Each(run =>
        {
            for (int i = 0; i < s_sizes[run]; i++)
            {
                Block expected = q[run][i] ^ (Block.Mask(OtParties.Bit(choices[run], i) ? 1UL : 0) & delta);
                Assert.Equal(OtParties.Words(expected), OtParties.Words(t[run][i]));
            }
        });
        Block[] all = [.. q.SelectMany(run => run)];
        Assert.Equal(all.Length, all.Select(OtParties.Words).Distinct().Count());

        static void Each(Action<int> action)
        {
            for (int run = 0; run < s_sizes.Length; run++)
                action(run);
        }
    }

    [Fact]
    public void Base_transfers_seed_the_extension()
    {
        Block delta = CorrelatedOtSender.CreateDelta();
        byte[] choices = [0b1010_0110];
        var q = new Block[8];
        var t = new Block[8];
        OtParties.Run(
            channel =>
            {
                var baseOt = new BaseOtReceiver();
                var keys = new Block[CorrelatedOt.BaseCount];
                baseOt.ReceiveSetup(channel);
                baseOt.SendChoices(channel, CorrelatedOtSender.Choices(delta), keys);
                CorrelatedOtSender sender = new(delta, keys);
                sender.ReceiveSetup(channel);
                sender.Extend(channel, q);
            },
            channel =>
            {
                using var baseOt = new BaseOtSender();
                var zero = new Block[CorrelatedOt.BaseCount];
                var one = new Block[CorrelatedOt.BaseCount];
                baseOt.SendSetup(channel);
                baseOt.ReceiveChoices(channel, zero, one);
                CorrelatedOtReceiver receiver = new(zero, one);
                var recording = new RecordingChannel(channel);
                receiver.SendSetup(recording);
                Assert.Equal(CorrelatedOt.SetupBytes(), recording.Sent.Count);
                receiver.Extend(channel, choices, t);
            });

        for (int i = 0; i < 8; i++)
        {
            Block expected = q[i] ^ (Block.Mask(OtParties.Bit(choices, i) ? 1UL : 0) & delta);
            Assert.Equal(OtParties.Words(expected), OtParties.Words(t[i]));
        }
    }

    [Fact]
    public void An_extension_starts_one_in_the_other_direction()
    {
        Block startPoint = SecureRandom.NextBlock();
        (CorrelatedOtSender sender, CorrelatedOtReceiver receiver) = OtParties.Correlated(CorrelatedOtSender.CreateDelta());
        byte[] choices = RandomNumberGenerator.GetBytes(25);
        var q = new Block[200];
        var t = new Block[200];
        Block delta = default;
        OtParties.Run(
            channel =>
            {
                CorrelatedOtReceiver reversed = sender.Reverse(channel, new TransferHash(startPoint));
                reversed.SendSetup(channel);
                reversed.Extend(channel, choices, t);
            },
            channel =>
            {
                var recording = new RecordingChannel(channel);
                CorrelatedOtSender reversed = receiver.Reverse(recording, new TransferHash(startPoint));
                Assert.Equal(CorrelatedOt.ReverseBytes(), recording.Sent.Count);
                reversed.ReceiveSetup(channel);
                reversed.Extend(channel, q);
                delta = reversed.Delta;
            });

        Assert.NotEqual(OtParties.Words(sender.Delta), OtParties.Words(delta));
        for (int i = 0; i < t.Length; i++)
        {
            Block expected = q[i] ^ (Block.Mask(OtParties.Bit(choices, i) ? 1UL : 0) & delta);
            Assert.Equal(OtParties.Words(expected), OtParties.Words(t[i]));
        }
    }

    [Fact]
    public void The_setup_comes_before_an_extension_and_once()
    {
        CorrelatedOtSender sender = new(CorrelatedOtSender.CreateDelta(), new Block[128]);
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        Assert.Throws<InvalidOperationException>(() => sender.Extend(second, new Block[1]));
        first.Send(new byte[CorrelatedOt.SetupBytes()]);
        sender.ReceiveSetup(second);
        Assert.Throws<InvalidOperationException>(() => sender.ReceiveSetup(second));
    }

    [Fact]
    public void Messages_for_constant_choices_have_balanced_bits()
    {
        (_, CorrelatedOtReceiver receiver) = OtParties.Correlated(CorrelatedOtSender.CreateDelta());
        (MemoryChannel first, _) = MemoryChannel.CreatePair();
        var recording = new RecordingChannel(first);
        receiver.Extend(recording, new byte[256], new Block[2048]);
        long ones = recording.Sent.Sum(value => (long)BitOperations.PopCount(value));
        Assert.InRange(ones, 32_768 - 1_500, 32_768 + 1_500); // 65,536 bits: more than 10 standard deviations
    }

    [Fact]
    public void A_fresh_delta_has_its_lowest_bit_set() =>
        Assert.All(Enumerable.Range(0, 32), _ => Assert.Equal(1UL, CorrelatedOtSender.CreateDelta().LeastSignificantBit));

    [Fact]
    public void A_truncated_message_is_refused()
    {
        (CorrelatedOtSender sender, _) = OtParties.Correlated(CorrelatedOtSender.CreateDelta());
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        first.Send(new byte[CorrelatedOt.ReceiverBytes(128) - 1]);
        first.Dispose();
        Assert.Throws<PeerProtocolException>(() => sender.Extend(second, new Block[100]));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        (_, CorrelatedOtReceiver receiver) = OtParties.Correlated(CorrelatedOtSender.CreateDelta());
        (MemoryChannel first, _) = MemoryChannel.CreatePair();
        Assert.Throws<ArgumentException>(() => receiver.Extend(first, new byte[1], new Block[9]));
        Assert.Throws<ArgumentException>(() => new CorrelatedOtSender(default, new Block[127]));
        Assert.Throws<ArgumentException>(() => new CorrelatedOtReceiver(new Block[128], new Block[127]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CorrelatedOtReceiver(new Block[128], new Block[128], fieldBits: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CorrelatedOtSender(default, new Block[128], fieldBits: 16));
    }

    [Fact]
    public void Transposition_moves_bit_j_of_row_i_to_bit_i_of_row_j()
    {
        byte[] source = RandomNumberGenerator.GetBytes(128 * 16);
        Block[] tile = [.. Enumerable.Range(0, 128).Select(i => Block.Read(source.AsSpan(16 * i)))];
        BitMatrix.Transpose(tile);
        for (int row = 0; row < 128; row++)
        {
            byte[] transposed = new byte[16];
            tile[row].Write(transposed);
            for (int column = 0; column < 128; column++)
                Assert.Equal(OtParties.Bit(source, (128 * column) + row), OtParties.Bit(transposed, column));
        }
    }
}
