using System.Buffers.Binary;
using System.Security.Cryptography;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Tests.Plan;

public sealed class PlanSerializerTests
{
    private static readonly byte[] s_file = PlanSerializer.Write(SamplePlans.Dividing);

    [Fact]
    public void A_plan_survives_its_file()
    {
        ExecutionPlan read = PlanSerializer.Read(s_file);
        Assert.Equal(PlanPrinter.Print(SamplePlans.Dividing), PlanPrinter.Print(read));
        Assert.Equal<byte>(SamplePlans.Dividing.Hash, read.Hash);
        Assert.Equal(PlanPrinter.Print(SamplePlans.Noisy), PlanPrinter.Print(PlanSerializer.Read(PlanSerializer.Write(SamplePlans.Noisy))));
        Assert.Equal(s_file, PlanSerializer.Write(read));
    }

    [Fact]
    public void An_unknown_error_bound_survives_the_file()
    {
        ExecutionPlan plan = SamplePlans.Dividing with
        {
            Values = SamplePlans.Dividing.Values.SetItem(0, SamplePlans.Dividing.Values[0] with { ErrorBound = double.NaN }),
        };
        Assert.True(double.IsNaN(PlanSerializer.Read(PlanSerializer.Write(plan)).Values[0].ErrorBound));
    }

    [Fact]
    public void Coefficients_of_two_words_survive_the_file()
    {
        ExecutionPlan plan = SamplePlans.Dividing;
        PolynomialStep step = plan.Steps.OfType<PolynomialStep>().Last();
        Int128[] wide = [(Int128.One << 100) - 5, -(Int128.One << 99) + 3, -1];
        plan = plan with { Steps = plan.Steps.Replace(step, step with { Coefficients = [.. wide], RingBits = 120 }) };
        ExecutionPlan read = PlanSerializer.Read(PlanSerializer.Write(plan));
        Assert.Equal<Int128>(wide, read.Steps.OfType<PolynomialStep>().Last().Coefficients);
    }

    [Fact]
    public void The_hash_is_the_digest_of_the_files_body()
        => Assert.Equal<byte>(SHA256.HashData(s_file.AsSpan(40)), SamplePlans.Dividing.Hash);

    [Fact]
    public void Every_flipped_bit_is_refused()
    {
        for (int i = 0; i < s_file.Length; i++)
        {
            byte[] damaged = [.. s_file];
            damaged[i] ^= (byte)(1 << (i % 8));
            Assert.Throws<PlanFormatException>(() => PlanSerializer.Read(damaged));
        }
    }

    [Fact]
    public void Every_truncation_and_extension_is_refused()
    {
        for (int length = 0; length < s_file.Length; length++)
            Assert.Throws<PlanFormatException>(() => PlanSerializer.Read(s_file.AsSpan(0, length)));
        Assert.Throws<PlanFormatException>(() => PlanSerializer.Read([.. s_file, 0]));
    }

    [Fact]
    public void Another_version_is_refused_by_both_numbers()
    {
        byte[] newer = [.. s_file];
        BinaryPrimitives.WriteUInt32LittleEndian(newer.AsSpan(4), 7);
        string message = Assert.Throws<PlanFormatException>(() => PlanSerializer.Read(newer)).Message;
        Assert.Contains("version 7", message, StringComparison.Ordinal);
        Assert.Contains("reads version 1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_file_is_not_a_plan()
    {
        string message = Assert.Throws<PlanFormatException>(() => PlanSerializer.Read("hello, this is text"u8)).Message;
        Assert.Contains("not a plan file", message, StringComparison.Ordinal);
        message = Assert.Throws<PlanFormatException>(() => PlanSerializer.Read(WeightsSerializer.Write(SamplePlans.Weights))).Message;
        Assert.Contains("not a plan file", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Content_beyond_the_plan_is_refused_even_with_a_right_digest()
    {
        // An unknown protobuf field 100 of length 1.
        byte[] body = [.. s_file.AsSpan(40), 0xA2, 0x06, 0x01, 0x41];
        string message = Assert.Throws<PlanFormatException>(() => PlanSerializer.Read(Sealed(body))).Message;
        Assert.Contains("canonical", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_bodies_with_a_right_digest_end_in_a_format_error()
    {
        Random random = new(5);
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] body = s_file[40..];
            for (int i = random.Next(1, 4); i > 0; i--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            ExecutionPlan? plan = null;
            Exception? thrown = Record.Exception(() => plan = PlanSerializer.Read(Sealed(body)));
            Assert.True(thrown is PlanFormatException || plan is not null, $"trial {trial}: {thrown}");
        }
    }

    [Fact]
    public void The_public_plan_holds_no_weights()
    {
        byte[] weights = WeightsSerializer.Write(SamplePlans.Weights)[40..];
        ReadOnlySpan<byte> elements = [1, 0xFE, 3, 4, 0x80, 127, 0, 5];
        Assert.True(weights.AsSpan().IndexOf(elements) > 0);
        Assert.Equal(-1, s_file.AsSpan().IndexOf(elements));
    }

    private static byte[] Sealed(byte[] body)
    {
        byte[] file = [.. s_file.AsSpan(0, 40), .. body];
        SHA256.HashData(body, file.AsSpan(8));
        return file;
    }
}
