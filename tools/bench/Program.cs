using BenchmarkDotNet.Running;
using PrivateInference.Benchmarks;
using PrivateInference.Benchmarks.EndToEnd;
using PrivateInference.Benchmarks.Importing;
using PrivateInference.Benchmarks.Rewrites;

// 'bench end-to-end' measures two processes, 'bench prediction' sets predicted times beside measured ones, 'bench allocation' measures what the online phase allocates, 'bench import' measures the importer, 'bench rewrites' writes docs/rewrites.md; everything else goes to BenchmarkDotNet, and nothing at all means all kernels.
if (args is ["end-to-end", .. string[] rest])
    return await EndToEndCommand.Create().Parse(rest).InvokeAsync();
if (args is ["prediction", .. string[] options])
    return await PredictionCommand.Create().Parse(options).InvokeAsync();
if (args is ["allocation", .. string[] cases])
    return await AllocationCommand.RunAsync(cases.FirstOrDefault());
if (args is ["import", .. string[] file])
    return await ImportCommand.RunAsync(file);
if (args is ["rewrites", .. string[] settings])
    return await RewritesCommand.Create().Parse(settings).InvokeAsync();

BenchmarkSwitcher.FromAssembly(typeof(KernelConfig).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"], new KernelConfig());
return 0;
