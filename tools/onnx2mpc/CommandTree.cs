using System.CommandLine;
using PrivateInference.CommandLine.Commands;

namespace PrivateInference.CommandLine;

/// <summary>All commands. The names, flags and exit codes are a contract.</summary>
internal static class CommandTree
{
    public static RootCommand Create() => new(
        """
        Compiles trained ONNX models to plans for secure inference, and executes the plans between a client that owns
        the input and a server that owns the model. Neither sees the other's data.

        Start with:  onnx2mpc inspect MODEL.onnx       what the model costs, and whether it compiles
                     onnx2mpc compile MODEL.onnx -o OUT
                     onnx2mpc run OUT/MODEL.plan --weights OUT/MODEL.weights --input IMAGE.png

        Exit codes: 0 success, 2 usage, 3 the model cannot be compiled, 4 file or data error, 5 peer or network error,
        6 a check failed.
        """)
    {
        CompileCommand.Create(),
        InspectCommand.Create(),
        CostCommand.Create(),
        CompareCommand.Create(),
        CalibrateHostCommand.Create(),
        VerifyCommand.Create(),
        RunCommand.Create(),
        ServeCommand.Create(),
        InferCommand.Create(),
        PreprocessCommand.Create(),
        DealCommand.Create(),
        PassesCommand.Create(),
        ExportCommand.Create(),
        LeakageCommand.Create(),
    };
}
