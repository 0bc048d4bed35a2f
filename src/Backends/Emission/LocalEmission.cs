using System.Collections.Immutable;
using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>The ends of the program, and steps that move elements.</summary>
internal static class LocalEmission
{
    public static int Input(EmissionContext context, int index, RealInput step)
    {
        context.Draft.InputUnit = step.Unit;
        FixedScale scale = FixedScale.PowerOfTwo(step.IsInteger ? 0 : ScaleSelection.ActivationExponent(context.RangeOf(index).Hull, context.ActivationBits));
        return context.Draft.Add(context.Define(index, scale, [step.IsInteger ? 0 : 0.5 / scale.Value], step.IsInteger ? 1 : null), (_, output) => new InputStep { Name = step.Name, Output = output });
    }

    public static int Output(EmissionContext context, int index, RealOutput step)
    {
        DraftValue input = context.DraftOf(step.Input);
        int value = context.ValueOf(step.Input);
        context.Draft.OutputUnit = step.Unit;
        return context.Draft.Add(context.Define(index, input.Scale, input.Error, input.RoundingError), (_, output) => new OutputStep
        {
            Name = step.Name,
            Output = output,
            Input = value,
            Function = step.Function,
            Axis = step.Axis,
            KeepAxis = step.KeepAxis,
            SelectLast = step.SelectLast,
        });
    }

    public static int Move(EmissionContext context, int index, RealStep step)
    {
        int input = context.ValueOf(step.Inputs[0]);
        DraftValue inputValue = context.DraftOf(step.Inputs[0]);
        double[] error = step is RealReshape
            ? inputValue.Error
            : [.. ElementSources.Of(step, inputValue.Shape).Select(i => inputValue.Error[inputValue.Range.Map.ChannelOf(i)])];
        int value = context.Draft.Add(context.Define(index, inputValue.Scale, error, inputValue.RoundingError), (_, output) => step switch
        {
            RealReshape => new ReshapeStep { Name = step.Name, Output = output, Input = input },
            RealTranspose s => new TransposeStep { Name = step.Name, Output = output, Input = input, Permutation = s.Permutation },
            RealSlice s => new SliceStep { Name = step.Name, Output = output, Input = input, Starts = s.Starts, Steps = s.Steps },
            _ => throw new InvalidOperationException($"'{step.Name}' moves no elements."),
        });
        context.Rounding.OfferMove(index, value);
        return value;
    }

    public static int Pad(EmissionContext context, int index, RealPad step)
    {
        int input = context.ValueOf(step.Input);
        DraftValue inputValue = context.DraftOf(step.Input);
        double scale = inputValue.Scale.Value;
        IEnumerable<double> error = ElementSources.Of(step, inputValue.Shape)
            .Select(i => i < 0 ? 0.5 / scale : inputValue.Error[inputValue.Range.Map.ChannelOf(i)]);
        return context.Draft.Add(context.Define(index, inputValue.Scale, [.. error]), (_, output) => new PadStep
        {
            Name = step.Name,
            Output = output,
            Input = input,
            Pads = step.Pads,
            Value = FixedPointEncoding.ToInteger(step.Value, scale),
        });
    }

    public static int Concat(EmissionContext context, int index, RealConcat step)
    {
        int[] values = Operands(context, step);
        FixedScale scale = values.Select(v => context.Draft.Values[v].Scale).Aggregate((a, b) => a.Common(b));
        ImmutableArray<(int Value, int Shift)> aligned = [.. values.Select(v => LinearEmission.Align(context, v, scale, step.Name))];
        DraftValue[] operands = [.. aligned.Select(a => context.Draft.Values[a.Value])];
        IEnumerable<double> error = ElementSources.Of(step, [.. operands.Select(o => o.Shape)])
            .Select(e => operands[e.Operand].Error[operands[e.Operand].Range.Map.ChannelOf(e.Element)]);
        return context.Draft.Add(context.Define(index, scale, [.. error]), (_, output) => new ConcatStep
        {
            Name = step.Name,
            Output = output,
            Operands = [.. aligned.Select(a => a.Value)],
            Shifts = [.. aligned.Select(a => a.Shift)],
            Axis = step.Axis,
        });
    }

    /// <summary>
    /// The values that are joined. Where some are at an activation's scale and some are not, as behind a partial activation,
    /// the policy may want the latter truncated one by one: joined as they are, they give their scale to all, and a linear
    /// step behind has all truncated.
    /// </summary>
    private static int[] Operands(EmissionContext context, RealConcat step)
    {
        bool[] excessive = [.. step.Operands.Select(i =>
            ScaleSelection.Excess(context.DraftOf(i).Scale, context.DraftOf(i).Range.Hull, context.ActivationBits) > context.Policy.ExcessBits)];
        bool mixed = context.Policy.BeforeConcatenations && excessive.Contains(true) && excessive.Contains(false);
        return [.. step.Operands.Select((operand, i) => mixed && excessive[i]
            ? NonLinearEmission.TruncateForLinear(context, operand, step.Name)
            : context.ValueOf(operand))];
    }
}
