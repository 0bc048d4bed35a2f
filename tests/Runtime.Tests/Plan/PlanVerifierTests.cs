using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Tests.Plan;

public sealed class PlanVerifierTests
{
    private static readonly ExecutionPlan s_plan = SamplePlans.Dividing;

    [Fact]
    public void The_sample_is_valid() => PlanVerifier.Require(s_plan, SamplePlans.Weights);

    public static TheoryData<string> MutationNames => [.. Mutations().Keys];

    [Theory]
    [MemberData(nameof(MutationNames))]
    public void A_plan_without_meaning_is_refused(string mutation)
        => Assert.Throws<PlanFormatException>(() => PlanVerifier.Require(Mutations()[mutation]));

    /// <summary>What a hostile file may say must never reach the kernels: each accepted mutation still executes.</summary>
    [Fact]
    public void Accepted_mutations_execute_safely()
    {
        Random random = new(6);
        for (int trial = 0; trial < 3000; trial++)
        {
            ExecutionPlan plan = Mutate(s_plan, random);
            if (Record.Exception(() => PlanVerifier.Require(plan, SamplePlans.Weights)) is { } refused)
                Assert.IsType<PlanFormatException>(refused);
            else if (plan.Values.All(v => v.Count < 10000))
                new FixedPointInterpreter(plan, SamplePlans.Weights).Run(new ulong[plan.Values[plan.Steps[0].Output].Count]);
        }
    }

    private static Dictionary<string, ExecutionPlan> Mutations()
    {
        Dictionary<string, ExecutionPlan> plans = [];
        void Plan(string name, ExecutionPlan plan) => plans.Add(name, plan);
        void Value(string name, int index, Func<PlanValue, PlanValue> change)
            => Plan(name, s_plan with { Values = s_plan.Values.SetItem(index, change(s_plan.Values[index])) });
        void Step<T>(string name, Func<T, T> change)
            where T : PlanStep
        {
            T step = s_plan.Steps.OfType<T>().First();
            Plan(name, s_plan with { Steps = s_plan.Steps.Replace(step, change(step)) });
        }

        void Geometry(string name, Func<ConvolutionGeometry, ConvolutionGeometry> change)
            => Step<ConvolutionStep>(name, s => s with { Geometry = change(s.Geometry) });
        void Pool(string name, Func<PoolGeometry, PoolGeometry> change)
            => Step<SumPoolStep>(name, s => s with { Pool = change(s.Pool) });

        Plan("ring too small", s_plan with { RingBits = 1 });
        Plan("ring too large", s_plan with { RingBits = 65 });
        Plan("ring below the values", s_plan with { RingBits = 20 });
        Plan("no values", s_plan with { Values = [] });
        Plan("no steps", s_plan with { Steps = [] });
        Plan("a step too few", s_plan with { Steps = s_plan.Steps.RemoveAt(3) });
        Plan("steps out of order", s_plan with { Steps = s_plan.Steps.SetItem(1, s_plan.Steps[2]).SetItem(2, s_plan.Steps[1]) });
        Plan("no digest", s_plan with { WeightsDigest = [] });
        Plan("escape sequence in the name", s_plan with { Name = "a\u001b[2J" });
        Plan("endless name", s_plan with { Name = new string('a', 5000) });
        Plan("input not first", s_plan with { Steps = [.. s_plan.Steps.Reverse()] });
        Value("zero dimension", 0, v => v with { Shape = [1, 1, 0, 4] });
        Value("negative dimensions", 0, v => v with { Shape = [1, 1, -4, -4] });
        Value("overflowing shape", 0, v => v with { Shape = [65536, 65536, 65536, 65537] });
        Value("too many axes", 0, v => v with { Shape = [.. Enumerable.Repeat(1, 8), 16] });
        Value("scale zero", 0, v => v with { Scale = 0 });
        Value("scale not a number", 0, v => v with { Scale = double.NaN });
        Value("scale infinite", 0, v => v with { Scale = double.PositiveInfinity });
        Value("no bits", 0, v => v with { Bits = 0 });
        Value("range upside down", 0, v => v with { Minimum = 1, Maximum = -1 });
        Value("range beyond the bits", 0, v => v with { Maximum = v.Maximum * 2 });
        Value("negative error", 0, v => v with { ErrorBound = -1 });
        Step<InputStep>("output out of range", s => s with { Output = 99 });
        Step<NonLinearStep>("value defined twice", s => s with { Output = 1 });
        Step<NonLinearStep>("reads itself", s => s with { Input = s.Output });
        Step<NonLinearStep>("negative index", s => s with { Input = -1 });
        Step<NonLinearStep>("reads too few bits", s => s with { InputBits = 19 });
        Step<NonLinearStep>("reads too many bits", s => s with { InputBits = 25 });
        Step<NonLinearStep>("shift beyond the bits", s => s with { Shift = 20 });
        Step<NonLinearStep>("shift against the scale", s => s with { Shift = 5 });
        Step<NonLinearStep>("window missing", s => s with { Pool = null });
        Step<NonLinearStep>("window in the padding", s => s with { Pool = s.Pool! with { PadTop = 2 } });
        Step<NonLinearStep>("planes against the shape", s => s with { Pool = s.Pool! with { Planes = 4 } });
        Geometry("zero stride", g => g with { StrideHeight = 0 });
        Geometry("zero dilation", g => g with { DilationWidth = 0 });
        Geometry("negative padding", g => g with { PadTop = -1 });
        Geometry("groups that do not divide", g => g with { Groups = 3 });
        Geometry("kernel beyond the image", g => g with { KernelHeight = 9 });
        Geometry("overflowing padding", g => g with { PadTop = int.MaxValue, PadBottom = int.MaxValue });
        Geometry("overflowing dilation", g => g with { KernelHeight = 65536, DilationHeight = 65536 });
        Geometry("overflowing sizes", g => g with { Batch = 65536, InputChannels = 65536, InputHeight = 65536, InputWidth = 65536 });
        Geometry("another output size", g => g with { PadBottom = 1 });
        Step<ConvolutionStep>("degree not a power of two", s => s with { Rlwe = s.Rlwe with { Degree = 4095 } });
        Step<ConvolutionStep>("no primes", s => s with { Rlwe = s.Rlwe with { PrimeCount = 0 } });
        Pool("overflowing stride", p => p with { StrideHeight = int.MaxValue });
        Pool("another input size", p => p with { InputHeight = 3 });
        Step<SumPoolStep>("multipliers of another count", s => s with { Multipliers = [1, 2] });
        Step<AddStep>("shift against the scale of a sum", s => s with { LeftShift = 2 });
        Step<AddStep>("shift beyond the ring", s => s with { LeftShift = 64 });
        Step<AddStep>("sum of other shapes", s => s with { Left = 0 });
        Step<PadStep>("pads of another rank", s => s with { Pads = [0, 1] });
        Step<PadStep>("negative pads", s => s with { Pads = [0, 0, 0, -1, 0, 0, 0, 3] });
        Step<PadStep>("pad value beyond the bits", s => s with { Value = 1 << 22 });
        Step<SliceStep>("slice start outside", s => s with { Starts = [0, 0, 0, 3] });
        Step<SliceStep>("slice end outside", s => s with { Steps = [1, 1, 1, -3] });
        Step<SliceStep>("slice without step", s => s with { Steps = [0, 1, 1, -1] });
        Step<TransposeStep>("no permutation", s => s with { Permutation = [0, 3, 3, 2] });
        Step<ReshapeStep>("reshape of another count", s => s with { Input = 0 });
        Step<ConcatStep>("shifts of another count", s => s with { Shifts = [1] });
        Step<ConcatStep>("axis outside", s => s with { Axis = 2 });
        Step<SharedSignStep>("decisions of too few bits", s => s with { DecisionBits = 15 });
        Step<SharedSignStep>("decisions of too many bits", s => s with { DecisionBits = 25 });
        Step<SharedSignStep>("map of another count", s => s with { Groups = IndexMap.Of([0, 0]) });
        Step<SharedSignStep>("map beyond the decisions", s => s with { Groups = IndexMap.Of([0, 0, 1, 1, 5, 5, 8, 0]) });
        Step<SharedSignStep>("map before the decisions", s => s with { Groups = IndexMap.Of([0, 0, 1, 1, 5, 5, -1, 0]) });
        Step<SharedSignStep>("map that overflows", s => s with { Groups = IndexMap.FromCode([0, int.MaxValue, 1, 7]) });
        Step<SharedSignStep>("decided value of another scale", s => s with { Input = 4 });
        Step<SharedSignStep>("decided value of another shape", s => s with { Input = s.Decision });
        Step<SharedSignStep>("deciding value of no step", s => s with { Decision = 99 });
        Step<SharedSignStep>("turned elements of another count", s => s with { Turned = [1, 2] });
        Step<SharedSignStep>("noise without bits", s => s with { Noise = new DecisionNoise(0, 0) });
        Step<SharedSignStep>("noise of too many bits", s => s with { Noise = new DecisionNoise(17, 1) });
        Step<SharedSignStep>("noise that never turns", s => s with { Noise = new DecisionNoise(4, 0) });
        Step<SharedSignStep>("noise that always turns", s => s with { Noise = new DecisionNoise(4, 16) });
        Step<SharedSignStep>("noise of a negative probability", s => s with { Noise = new DecisionNoise(4, -3) });
        Step<PolynomialStep>("polynomial of degree 1", s => s with { Degree = 1 });
        Step<PolynomialStep>("polynomial of a high degree", s => s with { Degree = 9, Coefficients = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
        Step<PolynomialStep>("division of a value that fills the ring", s => s with { OutputShift = 3 });
        Step<PolynomialStep>("negative input shift", s => s with { InputShift = -1 });
        Step<PolynomialStep>("negative output shift", s => s with { OutputShift = -1, InputShift = 1 });
        Step<PolynomialStep>("division by more than the ring", s => s with { InputShift = 23 });
        Step<PolynomialStep>("division by far more than the ring", s => s with { OutputShift = int.MaxValue });
        Step<PolynomialStep>("powers in a ring of one bit", s => s with { RingBits = 1 });
        Step<PolynomialStep>("powers in a ring of more than two words", s => s with { RingBits = 129 });
        Step<PolynomialStep>("powers in a ring of a negative size", s => s with { RingBits = int.MinValue });
        Step<PolynomialStep>("a coefficient of more than a word for powers of a word", s => s with { Coefficients = s.Coefficients.SetItem(0, Int128.One << 63) });
        Step<PolynomialStep>("powers in a ring that the result fills", s => s with { RingBits = 22 });
        Step<PolynomialStep>("division by more than the powers' ring", s => s with { RingBits = 40, OutputShift = 39 });
        Step<PolynomialStep>("division that leaves the powers' ring no bit", s => s with { RingBits = 40, OutputShift = 18 });
        Step<PolynomialStep>("polynomial of an impossible degree", s => s with { Degree = -1 });
        Step<PolynomialStep>("polynomial of the largest degree", s => s with { Degree = int.MaxValue });
        Step<PolynomialStep>("polynomial without coefficients", s => s with { Coefficients = [] });
        Step<PolynomialStep>("polynomial that lacks a coefficient", s => s with { Coefficients = s.Coefficients[1..] });
        Step<RangeCheckStep>("check of nothing", s => s with { Checked = [], Lower = [], Upper = [] });
        Step<RangeCheckStep>("check of no value", s => s with { Checked = [99, 0] });
        Step<RangeCheckStep>("check of itself", s => s with { Checked = [s.Output, 0] });
        Step<RangeCheckStep>("check without a bound", s => s with { Upper = [1] });
        Step<RangeCheckStep>("check for nothing", s => s with { Lower = [3, 0], Upper = [2, 0] });
        Step<RangeCheckStep>("check for numbers beyond the ring", s => s with { Upper = [1 << 21, 0] });
        Step<RangeCheckStep>("check for everything", s => s with { Lower = [-(1 << 21), 0], Upper = [(1 << 21) - 1, 0] });
        Step<RangeCheckStep>("check of too few bits", s => s with { Shift = 22 });
        Step<RangeCheckStep>("check of negative bits", s => s with { Shift = -1 });
        Step<RangeCheckStep>("check of far too many bits", s => s with { Shift = int.MaxValue });
        Value("check of many bits", s_plan.Values.Length - 2, v => v with { Shape = [2] });
        Value("check of another scale", s_plan.Values.Length - 2, v => v with { Scale = 2 });
        Plan("check before other steps", s_plan with { Steps = s_plan.Steps.RemoveAt(s_plan.Steps.Length - 2).Insert(s_plan.Steps.Length - 3, s_plan.Steps[^2]) });
        Step<OutputStep>("output of the check", s => s with { Input = s_plan.Steps[^2].Output });
        Step<PolynomialStep>("channels of no element", s => s with { Inner = 0 });
        Step<PolynomialStep>("channels of too many elements", s => s with { Inner = 3 });
        Step<PolynomialStep>("channels beyond the elements", s => s with { Inner = int.MaxValue });
        Step<PolynomialStep>("polynomial of another shape", s => s with { Input = 2 });
        Step<TruncateStep>("truncation by nothing", s => s with { Shift = 0 });
        Step<TruncateStep>("truncation by the whole ring", s => s with { Shift = 24 });
        Step<TruncateStep>("truncation against the scale", s => s with { Shift = 4 });
        Step<TruncateStep>("truncation of another shape", s => s with { Input = 2 });
        Step<OutputStep>("softmax axis outside", s => s with { Axis = 2 });
        return plans;
    }

    /// <summary>Changes one integer anywhere in the plan by way of the file format's own fields.</summary>
    private static ExecutionPlan Mutate(ExecutionPlan plan, Random random)
    {
        int Odd(int x) => random.Next(5) switch { 0 => x + 1, 1 => x - 1, 2 => -x, 3 => random.Next(), _ => random.Next(5) };
        int index = random.Next(plan.Steps.Length);
        PlanStep step = plan.Steps[index] switch
        {
            ConvolutionStep s => s with { Geometry = Change(s.Geometry, random, Odd) },
            SumPoolStep s => s with { Pool = Change(s.Pool, random, Odd) },
            NonLinearStep { Pool: { } pool } s when random.Next(2) == 0 => s with { Pool = Change(pool, random, Odd) },
            var s => Change(s, random, Odd),
        };
        return plan with { Steps = plan.Steps.SetItem(index, step) };
    }

    private static T Change<T>(T record, Random random, Func<int, int> odd)
        where T : class
    {
        T copy = (T)record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;
        System.Reflection.PropertyInfo[] properties = [.. record.GetType().GetProperties().Where(p => p.CanWrite && (p.PropertyType == typeof(int) || p.PropertyType == typeof(ImmutableArray<int>)))];
        System.Reflection.PropertyInfo property = properties[random.Next(properties.Length)];
        object value = property.GetValue(record)!;
        if (value is ImmutableArray<int> { Length: > 0 } list)
        {
            int i = random.Next(list.Length);
            value = list.SetItem(i, odd(list[i]));
        }
        else if (value is int number)
        {
            value = odd(number);
        }

        property.SetValue(copy, value);
        return copy;
    }
}
