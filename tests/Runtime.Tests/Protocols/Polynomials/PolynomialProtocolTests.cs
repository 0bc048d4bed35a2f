using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Tests.ObliviousTransfer;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Protocols.Polynomials;

public sealed class PolynomialProtocolTests
{
    /// <summary>Ring bits, degree, channels, elements a channel, repetitions.</summary>
    public static TheoryData<int, int, int, int, int> Cases => new()
    {
        { 64, 2, 1, 1, 1 },
        { 64, 3, 3, 5, 2 },
        { 64, 4, 4, 9, 1 },
        { 37, 2, 2, 7, 3 },
        { 37, 3, 1, 33, 1 },
        { 37, 4, 5, 1, 5 },
        { 2, 2, 1, 70, 1 },
        { 2, 4, 2, 3, 1 },
        { 17, 3, 3, 4, 1 },
        { 3, 2, 1, PolynomialBatch.MaxCount + 5, 1 },
        { 3, 4, 2, PolynomialBatch.MaxCount, 1 },
        { 64, 5, 2, 9, 1 },
        { 64, 6, 1, 11, 2 },
        { 41, 7, 3, 5, 1 },
        { 64, 8, 2, 9, 1 },
        { 5, 8, 1, 40, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Shares_of_the_output_add_up_to_the_polynomial_of_the_input(int ringBits, int degree, int channels, int inner, int repetitions)
    {
        Ring ring = new(ringBits);
        Random random = new(ringBits + degree);
        PolynomialStep step = new()
        {
            Name = "poly",
            Input = 0,
            Output = 1,
            Degree = degree,
            Inner = inner,
            Coefficients = [.. Enumerable.Range(0, channels * (degree + 1)).Select(_ => random.NextInt64(long.MinValue, long.MaxValue))],
        };
        ulong[] input = [.. Enumerable.Range(0, channels * inner * repetitions).Select(i => i < 5 ? Edge(i, ring) : Uniform(random, ring))];
        foreach (PowerMethod method in Methods(step, ring, ringBits))
            Assert.Equal(input.Select((x, i) => Power(step, i, x) & ring.Mask), Execute(step with { Method = method }, ring, ringBits, input, random));
    }

    /// <summary>Ring bits, bits of the input, input shift, degree, coefficient bits, output shift.</summary>
    public static TheoryData<int, int, int, int, int, int> Divisions => new()
    {
        { 64, 31, 22, 4, 14, 38 },
        { 50, 31, 22, 4, 12, 36 },
        { 50, 49, 40, 4, 12, 0 },
        { 50, 9, 0, 4, 12, 30 },
        { 46, 30, 20, 2, 20, 28 },
        { 63, 40, 34, 8, 13, 49 },
        { 48, 33, 26, 5, 12, 30 },
        { 56, 40, 33, 6, 12, 40 },
        { 60, 40, 33, 7, 9, 41 },
        { 64, 40, 33, 3, 60, 0 },
        { 32, 31, 20, 1, 1, 0 },
        { 32, 20, 0, 1, 8, 20 },
        { 64, 63, 62, 1, 1, 0 },
        { 4, 3, 2, 1, 1, 0 },
        { 4, 3, 1, 2, 4, 0 },
    };

    /// <summary>Plan's ring, powers' ring, bits of the input, input shift, degree, coefficient bits, output shift.</summary>
    public static TheoryData<int, int, int, int, int, int, int> InnerRings => new()
    {
        // Wider than the plan's: wraps on both sides.
        { 30, 51, 29, 19, 4, 12, 36 },
        { 30, 64, 29, 18, 4, 14, 48 },
        { 24, 60, 23, 13, 5, 8, 44 },

        // Nothing is divided, and the input wraps all the same.
        { 20, 58, 19, 0, 3, 1, 0 },
        { 20, 21, 19, 0, 2, 2, 0 },

        // The output's halves fill the plan's ring: no wrap. Then they fall short of it by a bit.
        { 20, 56, 19, 9, 4, 12, 36 },
        { 21, 56, 20, 10, 4, 12, 36 },

        // So few bits that the input's halves fill the powers' ring: no wrap, and its values may take all bits of the plan's. Then by one too few.
        { 40, 20, 40, 20, 1, 1, 0 },
        { 40, 20, 40, 18, 2, 1, 0 },
        { 40, 21, 39, 20, 1, 1, 0 },
        { 40, 24, 40, 0, 2, 1, 0 },
        { 64, 63, 64, 0, 2, 1, 2 },

        // A smaller ring extends its result to the plan's.
        { 64, 20, 50, 44, 2, 5, 3 },
        { 64, 2, 30, 20, 2, 1, 0 },

        // The ends: smallest and largest rings and shifts.
        { 2, 64, 1, 0, 2, 10, 62 },
        { 2, 64, 1, 0, 8, 50, 40 },
        { 64, 64, 63, 62, 8, 60, 62 },
        { 3, 2, 2, 1, 1, 1, 0 },

        // Words of 128 bits.
        { 33, 65, 32, 20, 4, 14, 46 },
        { 33, 75, 32, 20, 5, 12, 60 },
        { 64, 128, 63, 45, 6, 12, 110 },
        { 64, 128, 63, 0, 2, 1, 100 },
        { 40, 128, 39, 31, 2, 100, 90 },
        { 20, 127, 19, 2, 7, 4, 107 },
        { 20, 127, 19, 2, 7, 4, 106 },
        { 24, 120, 23, 9, 8, 6, 90 },
        { 64, 66, 63, 62, 1, 1, 2 },
        { 2, 128, 1, 0, 2, 1, 126 },
    };

    [Theory]
    [MemberData(nameof(InnerRings))]
    public void Powers_in_a_ring_of_their_own_round_to_a_neighbour_and_never_fail(int ringBits, int powerBits, int inputBits, int inputShift, int degree, int coefficientBits, int outputShift)
        => RequireNeighbours(ringBits, powerBits, inputBits, inputShift, degree, coefficientBits, outputShift, seed: ringBits + powerBits + degree + inputShift);

    /// <summary>Rings and shifts at random, whatever wraps they need.</summary>
    [Fact]
    public void Any_rings_and_shifts_round_to_a_neighbour()
    {
        Random random = new(6);
        for (int trial = 0; trial < 60; trial++)
        {
            int ringBits = random.Next(2, 65), powerBits = random.Next(2, trial % 2 == 0 ? 65 : 129);
            int inputShift = random.Next(ringBits - 1), outputShift = random.Next(powerBits - 1), degree = random.Next(1, 6);
            int inputBits = random.Next(1, powerBits > ringBits - inputShift ? ringBits : ringBits + 1);
            int coefficientBits = random.Next(1, powerBits);
            RequireNeighbours(ringBits, powerBits, inputBits, inputShift, degree, coefficientBits, outputShift, seed: trial);
        }
    }

    /// <summary>
    /// Inputs up to the ends of their range, small ones and exact multiples among them: a rounding that fails on any share or any sign would be
    /// far off, as one wrap is 2^(ℓ−f).
    /// </summary>
    [Theory]
    [MemberData(nameof(Divisions))]
    public void Divisions_round_to_a_neighbour_and_never_fail(int ringBits, int inputBits, int inputShift, int degree, int coefficientBits, int outputShift)
        => RequireNeighbours(ringBits, powerBits: 0, inputBits, inputShift, degree, coefficientBits, outputShift, seed: ringBits + degree + inputShift);

    /// <summary>Of results that leave the powers' ring less than a bit unused, where a division needs that, there is nothing to say.</summary>
    private static void RequireNeighbours(int ringBits, int powerBits, int inputBits, int inputShift, int degree, int coefficientBits, int outputShift, int seed)
    {
        Ring ring = new(ringBits);
        int powers = powerBits == 0 ? ringBits : powerBits;
        Random random = new(seed);
        PolynomialStep step = new()
        {
            Name = "poly",
            Input = 0,
            Output = 1,
            Degree = degree,
            Inner = 250,
            Coefficients = inputShift > 0 && degree == 1 ? [0, 1] : [.. Enumerable.Range(0, 2 * (degree + 1)).Select(_ => Signed(new UInt128(Uniform(random, new Ring(64)), Uniform(random, new Ring(64))), coefficientBits))],
            InputShift = inputShift,
            OutputShift = outputShift,
            RingBits = powerBits,
        };
        long least = long.MinValue >> (64 - inputBits), most = ~least;
        long[] input = [.. Enumerable.Range(0, 500).Select(i => Math.Clamp(
            i switch
            {
                0 => 0,
                1 => most,
                2 => least,
                < 60 => random.NextInt64(-3, 4),
                < 120 => random.NextInt64(-4, 4) << Math.Clamp(inputBits - 3, 0, inputShift),
                _ => random.NextInt64(least, most),
            },
            least,
            most))];
        foreach (PowerMethod method in Methods(step, ring, inputBits))
            RequireNeighbours(step, ring, powers, input, Execute(step with { Method = method }, ring, inputBits, [.. input.Select(ring.FromSigned)], random));
    }

    private static void RequireNeighbours(PolynomialStep step, Ring ring, int powers, long[] input, ulong[] output)
    {
        int inputShift = step.InputShift, outputShift = step.OutputShift, judged = 0;
        for (int i = 0; i < input.Length; i++)
        {
            long floor = input[i] >> inputShift, ceiling = floor + ((input[i] & ((1L << inputShift) - 1)) == 0 ? 0 : 1);
            Int128[] results = [.. new[] { floor, ceiling }.Select(x => Signed(WidePower(step, i, x), powers))];
            bool wraps = ring.Bits > powers - outputShift;
            if (wraps && results.Any(y => Signed((UInt128)y, powers - 1) != y))
                continue;
            ulong[] possible = [.. results.SelectMany(y => new[] { y >> outputShift, (y >> outputShift) + ((y & ((Int128.One << outputShift) - 1)) == 0 ? 0 : 1) }).Select(y => (ulong)y & ring.Mask)];
            Assert.Contains(output[i], possible);
            judged++;
        }

        Assert.NotEqual(0, judged);
    }

    [Fact]
    public void Two_words_and_a_few_bits_an_element_go_online()
    {
        PolynomialStep step = new() { Name = "poly", Input = 0, Output = 1, Degree = 4, Inner = 1, Coefficients = [1, 2, 3, 4, 5] };
        Assert.Equal((8000 + 16, 8000 + 16), Online(step));
        Assert.Equal((8000 + 125 + 16, 8000 + 16), Online(step with { InputShift = 20 }));
        Assert.Equal((8000 + 250 + 16, 8000 + 125 + 16), Online(step with { InputShift = 20, OutputShift = 20 }));

        // A smaller ring of the powers: fewer bits from the server.
        Assert.Equal((5000 + 250 + 16, 8000 + 125 + 16), Online(step with { RingBits = 40, InputShift = 40, OutputShift = 35 }));
        Assert.Equal((3000 + 125 + 16, 8000 + 125 + 16), Online(step with { RingBits = 24, InputShift = 40 }));

        static (long Server, long Client) Online(PolynomialStep step)
        {
            PolynomialProtocol protocol = new(1, step, Plan(step, 64, 30, 1000));
            return (protocol.Opening.Cost.Bytes, protocol.Shares.Cost.Bytes);
        }
    }

    [Fact]
    public void Only_products_with_a_coefficient_are_prepared_by_squares_and_products()
    {
        PolynomialStep fit = new() { Name = "poly", Input = 0, Output = 1, Degree = 4, Inner = 1, Coefficients = [322, 512, 160, 0, -3], Method = PowerMethod.Beaver };
        Assert.Equal<int>([4], new BeaverSchedule(fit).Powers);
        Assert.Equal<int>([3, 4], new BeaverSchedule(fit with { Coefficients = [322, 512, 160, 1, -3] }).Powers);
        Assert.Equal<int>([3, 4, 7], new BeaverSchedule(fit with { Degree = 7, Coefficients = [0, 1, 1, 0, 0, 0, 0, 1] }).Powers);

        // Of a word of 64 bits to each square, against four products of which two have the bits of a power: less from the server offline.
        BeaverProtocol squares = new(1, fit, Plan(fit, 64, 30, 1000));
        PolynomialProtocol openings = new(1, fit, Plan(fit, 64, 30, 1000));
        Assert.InRange(Offline(squares), 0, 0.51 * Offline(openings));
        Assert.Equal(2, squares.DescribeOnline().OfType<MessageTransfer>().Count());
        BeaverProtocol divided = new(1, fit with { OutputShift = 20 }, Plan(fit, 64, 30, 1000));
        Assert.Equal(4, divided.DescribeOnline().OfType<MessageTransfer>().Count());

        static long Offline(IPolynomialProtocol protocol)
            => protocol.DescribeBatch(protocol.Count).Where(m => m.Message.Cost.Sender == Party.Server).Sum(m => m.Message.Cost.Bytes);
    }

    /// <summary>Those that can execute the step.</summary>
    private static IEnumerable<PowerMethod> Methods(PolynomialStep step, Ring ring, int inputBits)
        => Enum.GetValues<PowerMethod>().Where(m => PowerMethods.Supports(m, step, Plan(step, ring.Bits, inputBits, 1)));

    /// <summary>Naive powers, so that neither Horner's rule nor the Taylor shift judges itself.</summary>
    private static ulong Power(PolynomialStep step, int element, ulong x)
    {
        int first = element / step.Inner % step.Channels * (step.Degree + 1);
        ulong sum = 0, power = 1;
        for (int k = 0; k <= step.Degree; k++, power *= x)
            sum += (ulong)step.Coefficients[first + k] * power;
        return sum;
    }

    private static UInt128 WidePower(PolynomialStep step, int element, Int128 x)
    {
        int first = element / step.Inner % step.Channels * (step.Degree + 1);
        Int128 sum = 0, power = 1;
        for (int k = 0; k <= step.Degree; k++, power *= x)
            sum += step.Coefficients[first + k] * power;
        return (UInt128)sum;
    }

    private static Int128 Signed(UInt128 word, int bits) => (Int128)(word << (128 - bits)) >> (128 - bits);

    private static ulong[] Execute(PolynomialStep step, Ring ring, int inputBits, ulong[] input, Random random)
    {
        IPolynomialProtocol protocol = PowerMethods.Create(1, step, Plan(step, ring.Bits, inputBits, input.Length));
        ulong[] clientInput = [.. input.Select(_ => Uniform(random, ring))], serverInput = new ulong[input.Length];
        ring.Subtract(input, clientInput, serverInput);
        ulong[] clientOutput = [.. input.Select(_ => Uniform(random, ring))], serverOutput = new ulong[input.Length];

        SilentTransferSizes sizes = SilentTransferSizes.For([.. PolynomialPreparation.Calls(protocol)]);
        (CorrelatedOtSender sender, CorrelatedOtReceiver receiver) = OtParties.Correlated(CorrelatedOtSender.CreateDelta());
        (CorrelatedOtSender choiceSender, CorrelatedOtReceiver choiceReceiver) = OtParties.Unprepared(CorrelatedOtSender.CreateDelta());
        GarblingSession session = GarblingSession.Create();
        GarblingSession clientSession = new(session.StartPoint);
        OtParties.Run(
            wire =>
            {
                MessageChannel channel = new(wire, Party.Client, Party.Server);
                using IPolynomialClient client = protocol.CreateClient(clientInput, clientOutput);
                SilentTransfers transfers = SilentTransfers.AgreeAsClient(channel, sizes, choiceSender, receiver);
                int setup = channel.Meter.Messages.Count;
                PolynomialPreparation.Run([(protocol, client)], channel, transfers, sizes, clientSession, SecureRandom.CreateGenerator());
                OnlineWaves.Run([client.Run(channel)]);
                Assert.Equal(
                    PolynomialPreparation.Describe([protocol], sizes).Concat(protocol.DescribeOnline()).OfType<MessageTransfer>().Select(m => m.Message),
                    channel.Meter.Messages.Skip(setup));
                Assert.Throws<ObjectDisposedException>(() => OnlineWaves.Run([client.Run(channel)]));
            },
            wire =>
            {
                MessageChannel channel = new(wire, Party.Server, Party.Client);
                using IPolynomialServer server = protocol.CreateServer();
                SilentTransfers transfers = SilentTransfers.AgreeAsServer(channel, sizes, sender, choiceReceiver);
                PolynomialPreparation.Run([(protocol, server)], channel, transfers, sizes, session, SecureRandom.CreateGenerator());
                OnlineWaves.Run([server.Run(channel, serverInput, serverOutput)]);
                Assert.Throws<ObjectDisposedException>(() => OnlineWaves.Run([server.Run(channel, serverInput, serverOutput)]));
            });

        // Both have used the same tweaks, so that the next step's are in step.
        Assert.Equal(session.Reserve(0), clientSession.Reserve(0));
        ring.Add(clientOutput, serverOutput, serverOutput);
        return serverOutput;
    }

    private static ExecutionPlan Plan(PolynomialStep step, int ringBits, int bits, int count)
    {
        PlanValue value = new() { Name = "v", Shape = [count], Scale = 1, Bits = bits, Minimum = 0, Maximum = 0 };
        return new ExecutionPlan
        {
            Name = "plan",
            Backend = "gc",
            RingBits = ringBits,
            Values = [value, value],
            Steps = [step],
            WeightsDigest = ImmutableArray<byte>.Empty,
        };
    }

    // 0, 1, −1, the largest, the smallest.
    private static ulong Edge(int index, Ring ring) => index switch
    {
        0 => 0UL,
        1 => 1,
        2 => ring.Mask,
        3 => ring.Mask >> 1,
        _ => (ring.Mask >> 1) + 1,
    };

    private static ulong Uniform(Random random, Ring ring) => (ulong)random.NextInt64(long.MinValue, long.MaxValue) & ring.Mask;
}
