using BenchmarkDotNet.Running;
using PrivateInference.Benchmarks;
using PrivateInference.Benchmarks.EndToEnd;
using PrivateInference.Benchmarks.Importing;

// 'bench end-to-end' measures two processes, 'bench import' the importer; everything else goes to BenchmarkDotNet, and nothing at all means all kernels.
if (args is ["end-to-end", .. string[] rest])
    return await EndToEndCommand.Create().Parse(rest).InvokeAsync();
if (args is ["import", .. string[] file])
    return await ImportCommand.RunAsync(file);

BenchmarkSwitcher.FromAssembly(typeof(KernelConfig).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"], new KernelConfig());
return 0;
