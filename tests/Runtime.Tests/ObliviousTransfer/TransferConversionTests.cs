using System.Security.Cryptography;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Tests.ObliviousTransfer;

public sealed class TransferConversionTests
{
    private readonly Block _delta = CorrelatedOtSender.CreateDelta();
    private readonly Block _startPoint = SecureRandom.NextBlock();

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1003)]
    public void One_bit_each_turns_random_choices_into_chosen_ones(int count)
    {
        (Block[] k, Block[] m) = Correlations(count);
        byte[] choices = RandomNumberGenerator.GetBytes((count + 7) / 8), corrections = new byte[ChosenChoice.ReceiverBytes(count)];
        ChosenChoice.Request(m, choices, corrections);
        ChosenChoice.Apply(_delta, corrections, k);
        for (int i = 0; i < count; i++)
            Assert.Equal(OtParties.Words(k[i] ^ (_delta & Block.Mask(OtParties.Bit(choices, i) ? 1UL : 0))), OtParties.Words(m[i]));
        if (count % 8 != 0)
            Assert.Equal(0, corrections[^1] >> (count % 8));
    }

    [Fact]
    public void The_receiver_gets_the_message_of_its_choice_and_not_the_other()
    {
        (Block[] k, Block[] m) = Correlations(101);
        Block[] zero = new Block[101], one = new Block[101], chosen = new Block[101];
        TransferHash sender = new(_startPoint), receiver = new(_startPoint);
        for (int call = 0; call < 2; call++)
        {
            sender.HashBoth(_delta, k, zero, one);
            receiver.HashChosen(m, chosen);
            for (int i = 0; i < k.Length; i++)
            {
                bool choice = m[i].LeastSignificantBit == 1;
                Assert.Equal(OtParties.Words(choice ? one[i] : zero[i]), OtParties.Words(chosen[i]));
                Assert.NotEqual(OtParties.Words(choice ? zero[i] : one[i]), OtParties.Words(chosen[i]));
            }
        }

        Assert.Equal(202, zero.Concat(one).Select(OtParties.Words).Distinct().Count());
    }

    [Fact]
    public void Bits_multiply_the_senders_bit_with_the_receivers_choice()
    {
        (Block[] k, Block[] m) = Correlations(1001);
        byte[] zero = new byte[126], one = new byte[126], chosen = new byte[126], choices = new byte[126];
        new TransferHash(_startPoint).HashBothToBits(_delta, k, zero, one);
        new TransferHash(_startPoint).HashChosenToBits(m, chosen);
        ChosenChoice.PackRandomChoices(m, choices);
        for (int i = 0; i < 126; i++)
            Assert.Equal((zero[i] ^ one[i]) & choices[i], zero[i] ^ chosen[i]);
        int ones = Enumerable.Range(0, 1001).Count(i => OtParties.Bit(zero, i) != OtParties.Bit(one, i));
        Assert.InRange(ones, 342, 659); // 10 standard deviations
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void One_of_many_gives_the_message_of_the_packed_choice_only(int choiceBits)
    {
        const int Transfers = 21;
        (Block[] k, Block[] m) = Correlations(Transfers * choiceBits);
        Block[] all = new Block[Transfers << choiceBits], chosen = new Block[Transfers];
        new TransferHash(_startPoint).HashAll(_delta, choiceBits, k, all);
        new TransferHash(_startPoint).HashChosenOfMany(choiceBits, m, chosen);
        Assert.Equal(all.Length, all.Select(OtParties.Words).Distinct().Count());
        for (int i = 0; i < Transfers; i++)
        {
            int choice = Enumerable.Range(0, choiceBits).Sum(bit => (int)m[(i * choiceBits) + bit].LeastSignificantBit << bit);
            Assert.Equal(OtParties.Words(all[(i << choiceBits) + choice]), OtParties.Words(chosen[i]));
        }
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Block[] nine = new Block[9];
        var hash = new TransferHash(_startPoint);
        Assert.Throws<ArgumentException>(() => ChosenChoice.Request(nine, new byte[1], new byte[2]));
        Assert.Throws<ArgumentException>(() => ChosenChoice.Request(nine, new byte[2], new byte[1]));
        Assert.Throws<ArgumentException>(() => ChosenChoice.Apply(_delta, new byte[3], nine));
        Assert.Throws<ArgumentException>(() => hash.HashBoth(_delta, nine, new Block[9], new Block[8]));
        Assert.Throws<ArgumentException>(() => hash.HashChosen(nine, new Block[10]));
        Assert.Throws<ArgumentException>(() => hash.HashBothToBits(_delta, nine, new byte[2], new byte[1]));
        Assert.Throws<ArgumentException>(() => hash.HashChosenToBits(nine, new byte[1]));
        Assert.Throws<ArgumentException>(() => hash.HashAll(_delta, 2, nine, new Block[16]));
        Assert.Throws<ArgumentException>(() => hash.HashAll(_delta, 3, nine, new Block[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => hash.HashChosenOfMany(9, nine, new Block[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => hash.HashChosenOfMany(0, nine, new Block[1]));
    }

    // As a silent extension gives them: bit 0 is zero at the sender, the choice at the receiver.
    private (Block[] K, Block[] M) Correlations(int count)
    {
        Block[] k = new Block[count], m = new Block[count];
        SecureRandom.CreateGenerator().Fill(k);
        byte[] choices = RandomNumberGenerator.GetBytes(count);
        for (int i = 0; i < count; i++)
        {
            k[i] = SilentOt.ClearChoice(k[i]);
            m[i] = k[i] ^ (_delta & Block.Mask(choices[i]));
        }

        return (k, m);
    }
}
